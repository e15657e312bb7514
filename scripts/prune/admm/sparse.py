# SPDX-License-Identifier: Apache-2.0
"""ADMM towards sparse weights whose places are free under a rule, such as a bound on every column.

As `prune.admm.constraint`, with the set of all weights that keep the rule: Z keeps those of W + U that `rule` chooses.

    W: steps on loss + rho/2 |W - Z + U|^2      Z = Pi(W + U)      U = U + W - Z
"""
import torch

from prune.constraint import Masks


class SparseAdmm(Masks):
    """`masks` as for `Masks`; `rule(weights)` gives the masks of the projection, for arrays by layer.

    `options` has those of `prune.admm.options.PULL`. log.csv gets `rho` and the `residual` |W - Z| / |W|.
    """

    shown = ("residual",)

    def __init__(self, masks, rule, options):
        super().__init__(masks)
        self._rule, self._options = rule, options
        self._target, self._dual, self._rho = {}, {}, 0.0

    def begin(self, model):
        super().begin(model)
        self._dual = {name: torch.zeros_like(weight) for name, weight in self._weights(model).items()}
        self._target = self._projected(self._weights(model))

    def begin_epoch(self, model, epoch, epochs):
        self._rho = self._strength(epoch)

    def regularised(self, model, loss):
        pulls = ((w - self._target[name] + self._dual[name]).square().sum() for name, w in model.weights().items())
        return loss + self._rho / 2 * sum(pulls)

    @torch.no_grad()
    def end_epoch(self, model, epoch, epochs):
        weights = self._weights(model)
        columns = {"rho": f"{self._rho:.6g}", "residual": f"{self._residual(weights):.6f}"}
        if epoch % self._options["round_epochs"] == 0:
            moved = {name: weight + self._dual[name] for name, weight in weights.items()}
            self._target = self._projected(moved)
            scale = self._rho / self._strength(epoch)  # U is in units of 1 / rho
            self._dual = {name: (moved[name] - self._target[name]) * scale for name in moved}
        return columns

    def state(self):
        return {"target": self._target, "dual": self._dual}

    def restore(self, state):
        self._target, self._dual = state["target"], state["dual"]

    def _strength(self, epoch):
        """The strength of the pull in an epoch, counted from 0."""
        rises = epoch // self._options["round_epochs"] // self._options["rho_rounds"]
        return self._options["rho"] * self._options["rho_factor"] ** rises

    def _weights(self, model):
        return {name: weight.detach().contiguous().clone() for name, weight in model.weights().items()}

    def _projected(self, weights):
        masks = self._rule({name: weight.numpy() for name, weight in weights.items()})
        return {name: weight * torch.from_numpy(masks[name]) for name, weight in weights.items()}

    def _residual(self, weights):
        gap = sum(float((w - self._target[name]).square().sum()) for name, w in weights.items())
        norm = sum(float(w.square().sum()) for w in weights.values())
        return (gap / norm) ** 0.5 if norm else 0.0
