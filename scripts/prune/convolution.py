# SPDX-License-Identifier: Apache-2.0
"""Convolutions of integers that are exact, by NumPy, and by PyTorch where it is there, which is much faster.

Sums of integers are exact in a floating-point type, in any order, as long as none can leave the range in which the
type holds every integer. PyTorch's direct convolutions only multiply and add, so they keep to that; `fastest` still
compares them with NumPy's before it trusts them.
"""
import numpy as np

from prune.shapes import windows

_EXACT = ((2**24, np.float32), (2**53, np.float64))  # every integer below is held exactly
_BAND_BYTES = 32 * 2**20  # of the receptive fields that are laid out at a time
MANY = 1000  # samples from which on it pays to load PyTorch


def exact_type(most, weight):
    """The smallest type that is exact for sums of weight (K, M) times integers of at most `most`, over K."""
    bound = int(most) * int(np.abs(weight.astype(np.int64)).sum(axis=0).max(initial=0))
    return next((dtype for limit, dtype in _EXACT if bound < limit), np.int64)


def by_numpy(x, weight, stride, padding, fill):
    """Sums (N, Cout, OH, OW), exact, in any type, of integers x (N, C, H, W) with borders of `fill`."""
    rows = weight.reshape(len(weight), -1).T
    dtype = exact_type(_most(x, fill), rows)
    fields = windows(x.astype(dtype), weight.shape[2:], stride, padding, fill)
    rows = rows.astype(dtype)
    n, _, oh, ow = fields.shape[:4]
    height = max(1, _BAND_BYTES // max(1, n * ow * rows[:, 0].nbytes))
    sums = np.empty((n, oh, ow, len(weight)), dtype)
    for top in range(0, oh, height):
        band = fields[:, :, top : top + height].transpose(0, 2, 3, 1, 4, 5)
        sums[:, top : top + height] = (band.reshape(-1, len(rows)) @ rows).reshape(n, -1, ow, len(weight))
    return sums.transpose(0, 3, 1, 2)


def fastest(samples):
    """The fastest of the exact convolutions here for a number of samples."""
    if samples < MANY:
        return by_numpy
    try:
        import torch
    except ModuleNotFoundError:
        return by_numpy
    return _ByTorch(torch)


class _ByTorch:
    """Checks each new shape of weights on one sample: a fast algorithm that divides would show."""

    def __init__(self, torch):
        self._torch = torch
        self._trusted = {}

    def __call__(self, x, weight, stride, padding, fill):
        if exact_type(_most(x, fill), weight.reshape(len(weight), -1).T) != np.float32:
            return by_numpy(x, weight, stride, padding, fill)
        key = (weight.shape, tuple(stride), x.shape)
        result = self._convolve(x, weight, stride, padding, fill) if self._trusted.get(key, True) else None
        if key not in self._trusted:
            self._trusted[key] = bool((result[:1] == by_numpy(x[:1], weight, stride, padding, fill)).all())
        return result if self._trusted[key] else by_numpy(x, weight, stride, padding, fill)

    def _convolve(self, x, weight, stride, padding, fill):
        top, left, bottom, right = padding
        x, weight = (self._torch.from_numpy(array.astype(np.float32)) for array in (x, weight))
        x = self._torch.nn.functional.pad(x, (left, right, top, bottom), value=float(fill))
        return self._torch.nn.functional.conv2d(x, weight, stride=tuple(stride)).numpy()


def _most(x, fill):
    return max(abs(int(x.min(initial=0))), int(x.max(initial=0)), abs(int(fill)))
