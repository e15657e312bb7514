# SPDX-License-Identifier: Apache-2.0
"""What may act on the weights while a network is trained."""
import torch


class Constraint:
    """Hooks of the training loop; this base class does nothing.

    `model` is the `prune.torch_model.TorchModel` in training. `state` must return tensors, numbers, texts, lists and
    dicts only, and `restore` bring it all back, so that training can go on after an interruption with the same result.
    `shown` names the columns of `end_epoch` that the terminal shows too.
    """

    shown = ()

    def begin(self, model):
        """Before anything else; the weights are those that training starts from."""

    def begin_epoch(self, model, epoch, epochs):
        """Before epoch `epoch` of `epochs`, counted from 0."""

    def regularised(self, model, loss):
        """The loss to descend, given the loss of the batch."""
        return loss

    def after_step(self, model):
        """After each step of the optimiser."""

    def end_epoch(self, model, epoch, epochs):
        """After `epoch` of `epochs` are done; returns what to log of it, by column."""
        return {}

    def untrained(self, model):
        """Instead of all epochs, where there are none to train: brings the weights to where training would leave them."""

    def state(self):
        return {}

    def restore(self, state):
        pass


class Masks(Constraint):
    """Keeps the weights outside `masks` (bool arrays by layer) at zero."""

    def __init__(self, masks):
        self._masks = {name: torch.from_numpy(mask) for name, mask in masks.items()}

    def begin(self, model):
        self.after_step(model)

    @torch.no_grad()
    def after_step(self, model):
        for name, weight in model.weights().items():
            if name in self._masks:
                weight.mul_(self._masks[name])
