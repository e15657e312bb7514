# SPDX-License-Identifier: Apache-2.0
"""Regularisers: one file per regulariser, each registering a subclass of `Regulariser`.

A regulariser is a term of the loss that depends on the weights alone and draws them to a shape that suits the hardware.
"""
import abc

from prune.registry import Registry

REGULARISERS = Registry("regulariser", "prune.regularisers")


class Regulariser(abc.ABC):
    """Set `summary` (one sentence) and `options` (tuple of Option); override `penalty`."""

    name: str
    summary: str
    options: tuple = ()

    @abc.abstractmethod
    def penalty(self, weights, options):
        """What to add to the loss, a scalar tensor with its strength in it.

        `weights` is a list of tensors (Cout, ...) that learn. PyTorch may be imported here, not by the module.
        """


def regulariser(name):
    """Class decorator that registers a Regulariser under `name`."""

    def register(cls):
        cls.name = name
        REGULARISERS.add(name, cls())
        return cls

    return register
