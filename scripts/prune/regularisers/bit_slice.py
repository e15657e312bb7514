# SPDX-License-Identifier: Apache-2.0
"""Bit-slice L1 (Zhang et al., arXiv 1909.08496): few ones in the 2-bit slices of the quantised weights.

    x = round(|w| / 2^(s - 8)), 2^s the least power of two not below the layer's largest weight
    x = 64 b_1 + 16 b_2 + 4 b_3 + b_4,  penalty = alpha * (sum of all b) / (number of all b)

Rounding is straight-through. As in the published code the slice below takes what is left of x with the slices above held
constant, so the slope of the sum is 1/64 + 1/16 + 1/4 + 1 for every weight.
"""
from prune.options import Option
from prune.regularisers import Regulariser, regulariser

UNITS = (64, 16, 4, 1)  # the place values of the slices, each 0 .. 3
BITS = 8


@regulariser("bit_slice")
class BitSlice(Regulariser):
    summary = "Sum of the 2-bit slices of the 8-bit weights."
    options = (Option("alpha", float, 0.5, "Strength of the mean bit slice.", minimum=0.0, maximum=1e6),)

    def penalty(self, weights, options):
        total = sum(slices.sum() for weight in weights for slices in bit_slices(weight))
        return options["alpha"] * total / (len(UNITS) * sum(weight.numel() for weight in weights))


def bit_slices(weight):
    """The four slices of |w|, most significant first, tensors of the weight's shape with straight-through slopes."""
    import torch

    step = 2.0 ** (torch.ceil(torch.log2(weight.detach().abs().max().clamp(min=1e-12))) - BITS)
    rest = _straight(weight.abs() / step, torch.round).clamp(max=2**BITS - 1)
    slices = []
    for unit in UNITS:
        slices.append(_straight(rest / unit, torch.floor))
        rest = rest - slices[-1].detach() * unit
    return slices


def _straight(value, step_function):
    """`step_function` of the value, with slope 1."""
    return value + (step_function(value) - value).detach()
