# SPDX-License-Identifier: Apache-2.0
"""How many weights the columns of crossbars hold, and the ADC bits that follow from it.

A tile is N rows x N columns of a layer's weight matrix (`prune.tiles`): N consecutive inputs in the order (Cin, kh, kw),
which is the order of the simulator's crossbar rows, of N filters. So with `crossbar.rows` = `crossbar.columns` = N a tile is
what the simulator calls a row group, for mappings with one column for each weight. All columns of a tile share one ADC.

Levels and the `dub` accounting are those of D.U.B. (Ibrayev et al., arXiv 2403.13082, and its published code): a tile is at
level k when the emptiest it can guarantee, the zeros of its fullest column, is in the bin [1 - 2^-k, 1 - 2^-(k+1)) of the
column's real height, and it needs log2(N) - k bits.
"""
import dataclasses

import numpy as np


def segments(weight, tile):
    """(Cout, ...) -> (Cout, row blocks, N): what each tile holds of each column, with zeros below the last input."""
    flat = weight.reshape(len(weight), -1)
    blocks = -(-flat.shape[1] // tile)
    padded = np.zeros((len(flat), blocks * tile), dtype=flat.dtype)
    padded[:, : flat.shape[1]] = flat
    return padded.reshape(len(flat), blocks, tile)


def joined(parts, shape):
    """The inverse of `segments`, for weights of `shape`; a copy in C order."""
    rows = int(np.prod(shape[1:]))
    return np.ascontiguousarray(parts.reshape(shape[0], -1)[:, :rows]).reshape(shape)


def heights(shape, tile):
    """Rows that the tiles of each row block really have, (row blocks,)."""
    rows = int(np.prod(shape[1:]))
    return np.minimum(tile, rows - np.arange(0, rows, tile))


def of_tiles(values, tile, reduce):
    """(Cout, row blocks) -> (column blocks, row blocks), by `reduce` (np.maximum, np.minimum) over a tile's columns."""
    return reduce.reduceat(values, np.arange(0, len(values), tile), axis=0)


def of_columns(values, tile, columns):
    """(column blocks, row blocks) -> (Cout, row blocks): the value of the tile that each column lies in."""
    return values[np.arange(columns) // tile]


def tile_count(shapes, tile):
    """Tiles of layers with weights of these shapes (Cout, ...)."""
    return sum(-(-shape[0] // tile) * -(-int(np.prod(shape[1:])) // tile) for shape in shapes)


def edges(tile):
    """The bins of column sparsity: 1 - 2^-k for k = 0 .. log2(N) + 1, and 1."""
    return np.array([1.0 - 2.0**-k for k in range(tile.bit_length() + 1)] + [1.0])


def level_of(fractions, tile):
    """The bin 0 .. log2(N) + 1 that each fraction of zeros lies in; the last one is that of empty tiles."""
    return np.searchsorted(edges(tile)[:-1], fractions, side="right") - 1


def dub_bits(levels, tile):
    """ADC bits by level as D.U.B. counts them: log2(N) - k, and none for at most one weight in a column."""
    return np.maximum(0, tile.bit_length() - 1 - np.asarray(levels))


def exact_bits(occupancy):
    """ADC bits that tell the sums 0 .. occupancy apart: ceil(log2(occupancy + 1))."""
    return np.ceil(np.log2(np.asarray(occupancy) + 1.0)).astype(np.int64)


@dataclasses.dataclass(frozen=True)
class Layer:
    """The tiles of one layer, int64 arrays (column blocks, row blocks).

    `occupancy`: most weights in a column; `level`: k; `dub` and `exact`: ADC bits of the two accountings.
    """

    occupancy: np.ndarray
    level: np.ndarray
    dub: np.ndarray
    exact: np.ndarray


def statistics(weight, tile):
    """The Layer of float or integer weights (Cout, ...)."""
    counts = np.count_nonzero(segments(weight, tile), axis=2)
    occupancy = of_tiles(counts, tile, np.maximum)
    height = heights(weight.shape, tile)
    level = level_of((height - occupancy) / height, tile)
    dub = np.where(occupancy <= 1, 0, dub_bits(level, tile))
    return Layer(occupancy, level, dub, exact_bits(occupancy))


@dataclasses.dataclass(frozen=True)
class Summary:
    """Tiles by level 0 .. log2(N) + 1, and by what factor the ADCs of all tiles gain against full ones.

    One unit of energy for each tile and bit (`linear`), or 2^bits for each tile (`exponential`), not weighted by
    conversions; a tile of no bits costs nothing. `exact` is `linear` with the bits of exact counting.
    """

    tiles: int
    levels: tuple
    linear: float
    exponential: float
    exact: float


def summary(layers, tile):
    """The Summary of several Layers."""
    level, dub, exact = (
        np.concatenate([getattr(layer, field).ravel() for layer in layers]) for field in ("level", "dub", "exact")
    )
    full = tile.bit_length() - 1
    return Summary(
        tiles=level.size,
        levels=tuple(np.bincount(level, minlength=full + 2).tolist()),
        linear=_ratio(level.size * full, int(dub.sum())),
        exponential=_ratio(level.size * tile, int(_powers(dub).sum())),
        exact=_ratio(level.size * (full + 1), int(exact.sum())),
    )


def improvement(levels, tile, exponential=False):
    """The factor of `Summary` for a published histogram: tiles at level 0, 1, ..."""
    bits = dub_bits(np.arange(len(levels)), tile)
    cost, full = (_powers(bits), tile) if exponential else (bits, tile.bit_length() - 1)
    return _ratio(sum(levels) * full, int((cost * np.array(levels)).sum()))


def _powers(bits):
    return np.where(bits > 0, 2**bits, 0)


def _ratio(full, left):
    return full / left if left else float("inf")


def lines(weights, tile):
    """Lines of text on the tiles of `weights`, arrays by layer."""
    layers = {name: statistics(weight, tile) for name, weight in weights.items()}
    total = summary(layers.values(), tile)
    shown = [f"{name:<12} {_line(summary([layer], tile), layer)}" for name, layer in layers.items()]
    return [
        *shown,
        f"tiles of {tile} x {tile} by level: {', '.join(f'{k}: {n}' for k, n in enumerate(total.levels))}",
        f"ADC bits of {total.tiles} tiles, unweighted: {total.linear:.3f} times fewer (linear), "
        f"{total.exponential:.2f} times cheaper (2^bits), {total.exact:.3f} times fewer with exact counting",
    ]


def _line(total, layer):
    levels = " ".join(str(count) for count in total.levels)
    return (
        f"{total.tiles} tiles, by level {levels}; fullest column {layer.occupancy.max()}, bits {layer.dub.mean():.2f}"
    )
