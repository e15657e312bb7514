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


def calibrate(folded, inputs, options):
    """Range of every layer by name, from a run over real inputs (N, C, H, W)."""
    seen = {}
    float_reference.run(folded, inputs, lambda name, values: seen.setdefault(name, []).append(values.ravel()))
    fraction = options["percentile"] / 100 if options["calibration"] == "percentile" else 1.0
    return {name: _range(np.concatenate(parts), fraction) for name, parts in seen.items()}


def _range(values, fraction):
    """Order statistics of the negative and of the positive side; zero is always inside the range."""
    return Range(low=-_order_statistic(-values, fraction), high=_order_statistic(values, fraction))


def _order_statistic(values, fraction):
    """Least value that at least `fraction` of the values do not exceed, or 0 if that is negative."""
    index = math.ceil(fraction * values.size) - 1
    return max(0.0, float(np.partition(values, index)[index]))


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
