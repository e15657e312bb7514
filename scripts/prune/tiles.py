# SPDX-License-Identifier: Apache-2.0
"""The weight matrix of a layer and its cut into crossbars.

The matrix has a row per input of the layer, in the order (Cin, kh, kw) of the stored weights, and a column per output
channel. A tile is what one crossbar holds of it: at most `rows` x `columns` weights (SME, section III-B).
"""
import dataclasses

import numpy as np

from prune.options import Option

OPTIONS = (
    Option("crossbar_rows", int, 128, "Rows of a crossbar.", minimum=1, maximum=65536),
    Option("crossbar_columns", int, 128, "Columns of a crossbar, one weight each.", minimum=1, maximum=65536),
)


def matrix(weight):
    """(Cout, ...) -> (rows, Cout), a view."""
    return weight.reshape(len(weight), -1).T


def unfold(array, shape):
    """(rows, Cout) -> weights of `shape`, a copy in C order."""
    return np.ascontiguousarray(array.T).reshape(shape)


@dataclasses.dataclass(frozen=True)
class Tiling:
    """A cut into tiles of at most `rows` x `columns`."""

    rows: int
    columns: int

    def row_blocks(self, array):
        """Sums over the rows of each row block: (rows, ...) -> (row blocks, ...)."""
        return np.add.reduceat(array, np.arange(0, array.shape[0], self.rows), axis=0)

    def column_blocks(self, array):
        """Sums over the columns of each column block: (rows, columns) -> (rows, column blocks)."""
        return np.add.reduceat(array, np.arange(0, array.shape[1], self.columns), axis=1)

    def row_block_of(self, shape):
        """The row block of each row, (rows,)."""
        return np.arange(shape[0]) // self.rows

    def column_block_of(self, shape):
        """The column block of each column, (columns,)."""
        return np.arange(shape[1]) // self.columns

    def spread(self, values, shape):
        """(row blocks, column blocks) -> (rows, columns): the value of the tile that each place lies in."""
        return values[self.row_block_of(shape)][:, self.column_block_of(shape)]


def occupied_planes(codes, bits, tiling):
    """Bit planes that hold a one in each tile of |codes| (rows, columns): (row blocks, column blocks).

    Each is a crossbar where every bit plane of a tile has one of its own (SME, section III-B).
    """
    planes = ((np.abs(codes) >> i & 1) for i in range(bits))
    return sum((tiling.row_blocks(tiling.column_blocks(plane)) > 0).astype(np.int64) for plane in planes)


@dataclasses.dataclass(frozen=True)
class Packing:
    """Crossbars of a layer, one weight a cell: all tiles, those that hold a weight, and those needed after packing.

    `rows_packed`: the rows that hold a weight of the column block move together, across its tiles. `columns_packed`:
    the columns that hold a weight of the row block move together.
    """

    tiles: int
    occupied: int
    rows_packed: int
    columns_packed: int

    @property
    def packed(self):
        return min(self.rows_packed, self.columns_packed)


def packing(weights, tiling):
    """Packing of a weight matrix (rows, columns)."""
    used = weights != 0
    tiles = tiling.row_blocks(tiling.column_blocks(used.astype(np.int64)))
    rows = (tiling.column_blocks(used.astype(np.int64)) > 0).sum(axis=0)  # used rows of each column block
    columns = (tiling.row_blocks(used.astype(np.int64)) > 0).sum(axis=1)  # used columns of each row block
    return Packing(
        tiles=tiles.size,
        occupied=int(np.count_nonzero(tiles)),
        rows_packed=int((-(-rows // tiling.rows)).sum()),
        columns_packed=int((-(-columns // tiling.columns)).sum()),
    )
