# SPDX-License-Identifier: Apache-2.0
"""One step for the weights of a layer whose codes are unevenly spaced: how large the largest code stands.

A power of two costs a shift only (SME, Liu et al., ICCD 2021, section III-A); a scale that clips a few outliers
spends more codes on the many small weights (APoT, Li et al., ICLR 2020, section 3.2).
"""
import math

import numpy as np

from prune.options import Option

OPTIONS = (
    Option(
        "weight_scale",
        str,
        "max",
        "Largest weight of a layer: the next power of two that holds all weights (max), the power of two of the least "
        "squared error, beyond which weights are clipped (clip), or any number, by descent of the squared error "
        "(learned).",
        choices=("max", "clip", "learned"),
    ),
)
_OCTAVES = 12  # how far below the largest weight a scale is looked for
_DESCENT = 100  # steps at most; it ends before, where the codes no longer change


def layer_step(weight, nearest, top, options):
    """The step of a layer's codes, a positive float, for weights of any shape.

    `nearest` maps magnitudes in steps to codes 0..`top`.
    """
    magnitudes = np.abs(weight).ravel()
    largest = float(magnitudes.max(initial=0.0))
    if largest == 0.0:
        return 1.0
    if options["weight_scale"] == "learned":
        return _learned(magnitudes, nearest, largest / top)
    step = _power_of_two(largest / top)
    return _best(magnitudes, nearest, step, 1.0) if options["weight_scale"] == "clip" else step


def _power_of_two(value):
    """The least power of two that is not below `value`."""
    fraction, exponent = math.frexp(value)
    return math.ldexp(1.0, exponent - 1 if fraction == 0.5 else exponent)


def _best(magnitudes, nearest, widest, *fractions):
    """The step of the least squared error among the octaves below `widest`, and `fractions` of them; ties go up."""
    steps = [math.ldexp(widest * fraction, -octave) for octave in range(_OCTAVES) for fraction in fractions]
    return min(steps, key=lambda step: _squared_error(magnitudes, nearest(magnitudes / step), step))


def _learned(magnitudes, nearest, widest):
    """Descends from the best of some steps, none of which leaves the largest code unused.

    It alternates between the nearest codes for a step and the step of the least squared error for the codes,
    sum(w c) / sum(c^2); neither raises the error.
    """
    step = _best(magnitudes, nearest, widest, 1.0, math.sqrt(0.5))
    codes = nearest(magnitudes / step)
    for _ in range(_DESCENT):
        products = (magnitudes * codes).tolist()
        step = min(widest, math.fsum(products) / int((codes * codes).sum()))
        previous, codes = codes, nearest(magnitudes / step)
        if (codes == previous).all():
            break
    return step


def _squared_error(magnitudes, codes, step):
    """Exactly rounded, so that no order of summation shows."""
    return math.fsum(np.square(magnitudes - codes * step).tolist())
