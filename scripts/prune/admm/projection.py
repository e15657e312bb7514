# SPDX-License-Identifier: Apache-2.0
"""The projection of a layer's weights onto a weight scheme: the Z of ADMM, and what the bit planes look like."""
import numpy as np

from prune import tiles
from prune.admm import row_aware

_SAME = 1e-6  # relative; float32 weights cannot stand for a step more exactly


class Projection:
    """Projects one layer's weights, float64 (Cout, ...), with the step that the starting weights had.

    A fixed step keeps the bit planes where they are while single weights come and go; `mask` (bool, same shape) tells
    the weights that stay.
    """

    def __init__(self, scheme, options, weight, mask):
        self._scheme, self._options, self._mask = scheme, options, mask
        self._step = scheme.step(weight * mask, options)
        self.bits = scheme.magnitude_bits(options)

    def codes(self, weight):
        """The nearest codes, int64, of which row-aware clipping may lower some."""
        return self._clipped(weight) if self._options["row_aware"] else self._rounded(weight)

    def values(self, weight):
        return self._values(self.codes(weight))

    def final(self, weight):
        """Values from which the scheme, with a step of its own choice, makes the same values again.

        Where the last large weight of a layer has gone, a scheme may choose another step in which the others have no
        exact code; then clipping is left out, and after that the fixed step.
        """
        for codes in (self.codes(weight), self._rounded(weight)):
            values = self._values(codes)
            if np.allclose(self._scheme.project(values, self._options).values(), values, rtol=_SAME, atol=0.0):
                return values
        return self._scheme.project(weight * self._mask, self._options).values()

    def _rounded(self, weight):
        return self._scheme.round(weight * self._mask, self._step, self._options)

    def _clipped(self, weight):
        codes = tiles.matrix(self._rounded(weight))
        magnitudes = np.abs(tiles.matrix(weight * self._mask)) / self._step
        codes = row_aware.clip(codes, magnitudes, self._greatest_below, self.bits, self._options)
        return tiles.unfold(codes, weight.shape)

    def _greatest_below(self, limit):
        candidates = np.arange(limit)
        return int(candidates[self._scheme.nearest(candidates.astype(np.float64), self._options) == candidates].max())

    def _values(self, codes):
        return codes * self._step.reshape(-1, *[1] * (codes.ndim - 1))


def zero_bits(codes, bits):
    """Fraction of zeros among the bits of each position 1 (most significant) .. `bits` of all |codes|, a list."""
    total = sum(array.size for array in codes)
    positions = range(bits - 1, -1, -1)
    ones = (sum(int(np.count_nonzero(np.abs(array) >> i & 1)) for array in codes) for i in positions)
    return [1 - count / total for count in ones]


def occupied_crossbars(codes, bits, tiling):
    """Crossbars of all layers that hold a one, when each bit plane of each tile has a crossbar of its own."""
    return sum(int(tiles.occupied_planes(tiles.matrix(array), bits, tiling).sum()) for array in codes)
