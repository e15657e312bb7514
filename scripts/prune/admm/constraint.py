# SPDX-License-Identifier: Apache-2.0
"""ADMM in the training loop (Boyd et al., 2011, section 3.1.1, scaled form; on the weights of a network as in ADMM-NN).

Minimises the loss over W under the constraint that W is in the set of the weight scheme, whose copy is Z:

    W: steps on loss + rho/2 |W - Z + U|^2      Z = Pi(W + U)      U = U + W - Z

A round of epochs ends with Z and U. After the rounds W is set to its projection and stays; what is left of the training
settles the biases and the batch normalisation around it.
"""
import numpy as np
import torch

from prune import tiles
from prune.admm.projection import Projection, occupied_crossbars, zero_bits
from prune.constraint import Constraint, Masks


class Admm(Constraint):
    """`masks` as for `Masks`; `options` are those of the method."""

    shown = ("residual", "crossbars")

    def __init__(self, scheme, masks, options):
        self._scheme, self._masks, self._options = scheme, masks, options
        self._kept = Masks({name: mask for name, mask in masks.items() if not mask.all()})
        self._tiling = tiles.Tiling(options["crossbar_rows"], options["crossbar_columns"])
        self._projections, self._target, self._dual = {}, {}, {}
        self._pull = {}  # what W is drawn to in this round, and how strongly, by layer
        self._settling = False

    def begin(self, model):
        self._kept.begin(model)
        for name, weight in _arrays(model).items():
            self._projections[name] = Projection(self._scheme, self._options, weight, self._masks[name])
            self._target[name] = self._tensor(name, weight)
            self._dual[name] = torch.zeros_like(self._target[name])

    def begin_epoch(self, model, epoch, epochs):
        rounds_end = epochs - self._options["settle_epochs"]
        if epoch == rounds_end:
            self._settle(model)
        self._settling = epoch >= rounds_end
        if self._settling:
            for weight in model.weights().values():
                weight.requires_grad_(False)
                weight.grad = None  # an optimiser leaves a weight without a gradient alone
        else:
            self._prepare(model, self._rho(epoch))

    def regularised(self, model, loss):
        if self._settling:
            return loss
        for name, weight in model.weights().items():
            towards, strength = self._pull[name]
            loss = loss + (strength * (weight - towards).square()).sum() / 2
        return loss

    def after_step(self, model):
        self._kept.after_step(model)

    def end_epoch(self, model, epoch, epochs):
        rounds_end = epochs - self._options["settle_epochs"]
        columns = {"rho": "" if self._settling else f"{self._rho(epoch - 1):.6g}"}
        columns["residual"] = f"{self._residual(model):.6f}"
        if not self._settling and epoch % self._options["round_epochs"] == 0:
            self._update(model, self._rho(epoch - 1), self._rho(epoch))
        if epoch == epochs == rounds_end:
            self._settle(model)
        codes = [self._projections[name].codes(weight) for name, weight in _arrays(model).items()]
        bits = next(iter(self._projections.values())).bits
        columns["crossbars"] = occupied_crossbars(codes, bits, self._tiling)
        zeros = enumerate(zero_bits(codes, bits), start=1)
        return {**columns, **{f"zeros_{position}": f"{fraction:.6f}" for position, fraction in zeros}}

    def untrained(self, model):
        self._settle(model)

    def state(self):
        return {"target": self._target, "dual": self._dual}

    def restore(self, state):
        self._target, self._dual = state["target"], state["dual"]

    def _rho(self, epoch):
        """The strength of the pull in an epoch, counted from 0."""
        rises = epoch // self._options["round_epochs"] // self._options["rho_rounds"]
        return self._options["rho"] * self._options["rho_factor"] ** rises

    @torch.no_grad()
    def _prepare(self, model, rho):
        for name, weight in model.weights().items():
            towards = torch.empty_like(weight).copy_(self._target[name] - self._dual[name])
            strength = torch.tensor(rho)
            if self._options["weighting"] == "exponent":
                strength = torch.empty_like(weight).copy_(rho * _by_exponent(self._target[name]))
            self._pull[name] = (towards, strength)

    @torch.no_grad()
    def _update(self, model, rho, next_rho):
        """Z and U; U is in units of 1 / rho, so it shrinks when rho rises."""
        for name, weight in model.weights().items():
            weight = weight.contiguous()
            self._target[name] = self._tensor(name, _float64(weight + self._dual[name]))
            self._dual[name] = (self._dual[name] + weight - self._target[name]) * (rho / next_rho)

    @torch.no_grad()
    def _settle(self, model):
        for name, weight in model.weights().items():
            values = self._projections[name].final(_float64(weight))
            self._target[name] = torch.from_numpy(values.astype(np.float32))
            self._dual[name] = torch.zeros_like(self._target[name])
            weight.copy_(self._target[name])

    def _tensor(self, name, weight):
        return torch.from_numpy(self._projections[name].values(weight).astype(np.float32))

    def _residual(self, model):
        """|W - Z| / |W| over all layers."""
        pairs = [(weight, _float64(self._target[name])) for name, weight in _arrays(model).items()]
        norm = sum(float(np.square(weight).sum()) for weight, _ in pairs)
        return (sum(float(np.square(weight - z).sum()) for weight, z in pairs) / norm) ** 0.5 if norm else 0.0


def _arrays(model):
    """The weights, float64 by layer."""
    return {name: _float64(weight) for name, weight in model.weights().items()}


def _float64(tensor):
    return np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float64)


def _by_exponent(target):
    """2^-e with the exponent e of each weight, of mean 1 over the layer: small weights are held more firmly.

    After EBSP (Liu et al., DAC 2022). A weight that is zero counts as the least other one.
    """
    magnitudes = target.abs()
    positive = magnitudes[magnitudes > 0]
    if positive.numel() == 0:
        return torch.ones_like(target)
    _, exponents = torch.frexp(torch.where(magnitudes > 0, magnitudes, positive.min()))
    factors = torch.exp2(-(exponents - exponents.min()).float())
    return factors / factors.mean()
