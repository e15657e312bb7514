# SPDX-License-Identifier: Apache-2.0
"""Pruning methods: one file per method, each registering a subclass of `Method`."""
from types import MappingProxyType

from prune.options import resolve
from prune.registry import Registry

METHODS = Registry("pruning method", "prune.methods")


class Method:
    """Decides what is trained first, which weights stay and what holds the others while the network is retrained.

    Set `summary` (one sentence), `options` (tuple of Option) and, where the usual way to retrain does not suit,
    `retraining` (defaults by name, see `prune.training_options`). Override `masks`, `constraint` or both.
    """

    name: str
    summary: str
    options: tuple = ()
    retraining = MappingProxyType({})

    def resolve(self, given):
        """Typed values of the options from the texts in `given`, by name; raises UserError as `prune.options.resolve`."""
        return resolve(self.options, given, f"method {self.name}")

    def fitted(self, options, given, training):
        """The options, with defaults (of what is not in `given`) that suit the training options."""
        return options

    def check(self, options, training):
        """Raises UserError where values of the method's options and of the training options do not fit together."""

    def check_weights(self, weights, options):
        """Raises UserError where the options do not fit the network, before anything is trained; `weights` as for `masks`."""

    def stages(self, options):
        """The trainings before weights are removed, a tuple of `prune.stages.Stage`: here, none."""
        return ()

    def masks(self, weights, options):
        """Masks of the weights that stay: here, those that are not zero.

        `weights` maps layer names, in network order, to the float weight arrays of the conv2d and linear layers.
        They come out of the last of the `stages`. Returns a bool array of the same shape for each. Must depend on its arguments only.
        """
        return alive(weights)

    def constraint(self, masks, options):
        """The `prune.constraint.Constraint` of the retraining; it keeps the weights outside `masks` at zero.

        PyTorch may be imported here, not by the module.
        """
        from prune.constraint import Masks

        return Masks(masks)

    def report(self, weights, options):
        """Lines of text on what the result means for the hardware, given the weights after the retraining."""
        return []


def alive(weights):
    """Masks of the weights that are not zero, by layer."""
    return {name: weight != 0 for name, weight in weights.items()}


def method(name):
    """Class decorator that registers a Method under `name`."""

    def register(cls):
        cls.name = name
        METHODS.add(name, cls())
        return cls

    return register
