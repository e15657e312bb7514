# SPDX-License-Identifier: Apache-2.0
"""Ranges of activations on calibration samples."""
import dataclasses
import math

import numpy as np

from prune import float_reference
from prune.quantised import Quantisation, code_range


@dataclasses.dataclass(frozen=True)
class Range:
    """Calibrated range of one layer's real outputs."""

    low: float
    high: float

    @property
    def magnitude(self):
        return max(-self.low, self.high)


def calibrate(folded, inputs, real, options):
    """Range of every layer by name, from a run over samples (N, C, H, W), of which `real` makes real values."""
    fraction = options["percentile"] / 100 if options["calibration"] == "percentile" else 1.0
    seen = {}

    def observe(name, values):
        if name not in seen:
            seen[name] = tuple(_OrderStatistic(len(inputs) * values[0].size, fraction) for _ in range(2))
        seen[name][0].add(-values.ravel())
        seen[name][1].add(values.ravel())

    float_reference.run(folded, inputs, observe, real)
    return {name: Range(low=-below.value(), high=above.value()) for name, (below, above) in seen.items()}


class _OrderStatistic:
    """Least of `count` values that at least `fraction` of them do not exceed; keeps only the values above it."""

    def __init__(self, count, fraction):
        self._keep = count - math.ceil(fraction * count) + 1
        self._largest = np.empty(0)

    def add(self, values):
        values = np.concatenate([self._largest, values])
        first = max(0, values.size - self._keep)
        self._largest = np.partition(values, first)[first:].copy()  # a view would hold them all

    def value(self):
        """0 if it is negative: zero is always inside the range."""
        return max(0.0, float(self._largest.min()))


def unsigned(calibrated, bits):
    """Codes 0..2^bits-1 for values that are never negative."""
    return Quantisation.full(bits, False, _scale(calibrated.high, 2**bits - 1), 0)


def symmetric(calibrated, bits, headroom=1.0):
    """Signed codes with zero point 0; `headroom` widens the range."""
    return Quantisation.full(bits, True, _scale(calibrated.magnitude * headroom, code_range(bits, True)[1]), 0)


def affine(calibrated, bits):
    """Unsigned codes whose zero point stands for zero."""
    scale = _scale(calibrated.high - calibrated.low, 2**bits - 1)
    return Quantisation.full(bits, False, scale, int(np.rint(-calibrated.low / scale)))


def _scale(span, codes):
    """Step so that `codes` steps cover `span`; a layer that is always zero gets the span 1."""
    return (span or 1.0) / codes
