# SPDX-License-Identifier: Apache-2.0
"""Pruning methods: one file per method, each registering a subclass of `Method`."""
import abc

from prune.registry import Registry

METHODS = Registry("pruning method", "prune.methods")


class Method(abc.ABC):
    """Chooses the weights that stay. Set `summary` (one sentence) and `options` (tuple of Option)."""

    name: str
    summary: str
    options: tuple = ()

    @abc.abstractmethod
    def masks(self, weights, options):
        """Masks of the weights that stay.

        `weights` maps layer names, in network order, to the float weight arrays of the conv2d and linear layers.
        Returns a bool array of the same shape for each. Must depend on its arguments only.
        """


def method(name):
    """Class decorator that registers a Method under `name`."""

    def register(cls):
        cls.name = name
        METHODS.add(name, cls())
        return cls

    return register
