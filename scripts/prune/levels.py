# SPDX-License-Identifier: Apache-2.0
"""Discrete pruning, tile by tile (D.U.B., Ibrayev et al., arXiv 2403.13082, in the order of its published code).

All columns of a tile share an ADC, so its fullest column decides; columns pay only in powers of two. A tile whose fullest
column is nearly at the next level is forced there, another one is loosened back to the level that it has.
"""
import numpy as np

from prune import columns


def tile_mask(weight, tile, threshold, keep_single):
    """Bool mask of the weights (Cout, ...) that stay; magnitudes up to `threshold` count as zero.

    `keep_single` keeps tiles with one weight in the fullest column (mode `ratio`); otherwise they go (mode `tol`).
    """
    magnitudes = columns.segments(np.abs(weight).astype(np.float64), tile)
    height = columns.heights(weight.shape, tile)
    real = np.arange(tile) < height[:, None]
    fraction = _zero_fraction(magnitudes <= threshold, real, height, tile)
    level, target = columns.level_of(fraction, tile), _target(fraction, tile)
    single, empty = tile.bit_length() - 1, tile.bit_length()
    limit = _percentile(np.where(real, magnitudes, np.inf), target, height, tile)
    limit[_spread(level == empty, tile, weight)] = threshold
    if not keep_single:
        limit[_spread(level == single, tile, weight)] = np.inf
    return columns.joined(magnitudes > limit[:, :, None], weight.shape)


def layer_threshold(weight, ratio):
    """The magnitude below which the fraction `ratio` of a layer's weights lies: the threshold of mode `ratio`."""
    return float(np.percentile(np.abs(weight).astype(np.float64), 100 * ratio))


def _zero_fraction(zero, real, height, tile):
    """Zeros of the fullest column of each tile as a fraction of its real height, (column blocks, row blocks)."""
    return columns.of_tiles((zero & real).sum(axis=2), tile, np.minimum) / height


def _target(fraction, tile):
    """The sparsity that all columns of a tile get: the next edge from the middle of a bin on, else this bin's."""
    edges, level = columns.edges(tile), columns.level_of(fraction, tile)
    above = fraction >= (edges[level] + edges[level + 1]) / 2
    ordinary = level < tile.bit_length() - 1  # the last two bins keep their level
    return edges[level + (above & ordinary)]


def _percentile(magnitudes, target, height, tile):
    """The magnitude up to which each column loses its weights, (Cout, row blocks).

    That is the greatest one not above the percentile `target` between order statistics, so the smallest weight goes at
    level 0 too: with N - 1 weights in the fullest column log2(N) bits are exact.
    """
    last = np.floor(target * (height - 1)).astype(np.int64)
    last = columns.of_columns(last, tile, len(magnitudes))
    return np.take_along_axis(np.sort(magnitudes, axis=2), last[:, :, None], axis=2)[:, :, 0]


def _spread(chosen, tile, weight):
    return columns.of_columns(chosen, tile, len(weight))
