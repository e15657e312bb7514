# SPDX-License-Identifier: Apache-2.0
"""Weight schemes: one file per scheme, each registering a subclass of `Scheme`.

A scheme says which integers a weight may be and with which step they stand for real weights. All arithmetic that
decides a code is elementwise or exactly rounded, so the codes are the same on every machine.
"""
import abc
import dataclasses

import numpy as np

from prune.registry import Registry

SCHEMES = Registry("weight scheme", "prune.schemes")


@dataclasses.dataclass(frozen=True)
class Codes:
    """Integer weights: `codes` int64 (Cout, ...) with |code| < 2^magnitude_bits, `step` float64 (Cout,)."""

    codes: np.ndarray
    step: np.ndarray
    magnitude_bits: int

    def values(self):
        """The real weights that the codes stand for, float64 (Cout, ...)."""
        return self.codes * per_channel(self.step, self.codes.ndim)


class Scheme(abc.ABC):
    """A set of integers for the weights. Set `summary` (one sentence) and `options` (tuple of Option).

    `has_pattern` is true where the codes must keep a bit pattern; batch normalisation is then left out of the
    weights, since a factor of each channel would move them to other points of the pattern.
    """

    name: str
    summary: str
    options: tuple = ()
    has_pattern: bool = True

    def check(self, options):
        """Raises UserError for options that do not fit each other."""

    @abc.abstractmethod
    def magnitude_bits(self, options):
        """Bits of a magnitude, which is also the number of bit planes."""

    @abc.abstractmethod
    def step(self, weight, options):
        """Step of the codes by output channel, (Cout,) float64, positive, for weights (Cout, ...)."""

    @abc.abstractmethod
    def nearest(self, magnitude, options):
        """The code nearest to each magnitude >= 0, which is given in steps; int64 of the same shape."""

    def round(self, weight, step, options):
        """Codes of `weight` (Cout, ...) for a given step (Cout,), int64."""
        magnitudes = self.nearest(np.abs(weight) / per_channel(step, weight.ndim), options)
        return np.where(weight < 0, -magnitudes, magnitudes)

    def project(self, weight, options):
        """The nearest weights of the scheme, as Codes, for float64 weights (Cout, ...)."""
        step = self.step(weight, options)
        return Codes(self.round(weight, step, options), step, self.magnitude_bits(options))


def per_channel(values, dimensions):
    """(Cout,) as (Cout, 1, ...) with this number of dimensions."""
    return values.reshape(-1, *[1] * (dimensions - 1))


def scheme(name):
    """Class decorator that registers a Scheme under `name`."""

    def register(cls):
        cls.name = name
        SCHEMES.add(name, cls())
        return cls

    return register
