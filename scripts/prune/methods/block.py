# SPDX-License-Identifier: Apache-2.0
"""Block-wise crossbar pruning: whole rows or columns of crossbars go, so that what stays packs into fewer of them.

After PIM-Prune (Chu et al., DAC 2020): a group is one row or one column of one crossbar, so different crossbars lose
different inputs or outputs.
"""
import numpy as np

from prune import tiles
from prune.methods import Method, method
from prune.options import Option
from prune.sparsity_options import SCOPE, SPARSITY


@method("block")
class Block(Method):
    summary = (
        "Removes whole rows or columns of crossbars: those of the least mean square weight, relative to the layer's."
    )
    options = (
        SPARSITY,
        SCOPE,
        Option(
            "groups",
            str,
            "rows",
            "What goes as a whole: rows of a crossbar, its columns, or either (both).",
            choices=("rows", "columns", "both"),
        ),
        *tiles.OPTIONS,
    )

    def masks(self, weights, options):
        tiling = _tiling(options)
        layers = [_Layer(tiles.matrix(weight), tiling, options["groups"]) for weight in weights.values()]
        for part in [[layer] for layer in layers] if options["scope"] == "layer" else [layers]:
            _prune(part, options["sparsity"])
        return {
            name: tiles.unfold(layer.mask(), weight.shape) for layer, (name, weight) in zip(layers, weights.items())
        }

    def report(self, weights, options):
        packings = {name: tiles.packing(tiles.matrix(w), _tiling(options)) for name, w in weights.items()}
        total = tiles.Packing(*(sum(column) for column in zip(*map(_counts, packings.values()))))
        packed = sum(packing.packed for packing in packings.values())
        lines = [
            f"{name:<12} {packing.tiles} crossbars, {packing.occupied} not empty, {packing.rows_packed} with rows "
            f"packed, {packing.columns_packed} with columns packed"
            for name, packing in packings.items()
        ]
        return lines + [
            f"crossbars per bit: {total.tiles} before, {total.occupied} not empty, {packed} packed the better way in "
            "each layer"
        ]


def _counts(packing):
    return (packing.tiles, packing.occupied, packing.rows_packed, packing.columns_packed)


def _tiling(options):
    return tiles.Tiling(options["crossbar_rows"], options["crossbar_columns"])


class _Layer:
    """The groups of one layer's matrix and which of them stay.

    `strength` and `kept` run over the rows of all tiles, (rows, column blocks), and then over the columns of all
    tiles, (row blocks, columns), flat; without groups of one kind, those of that kind all stay and are not ranked.
    """

    def __init__(self, matrix, tiling, groups):
        self._shape, self._tiling = matrix.shape, tiling
        squares, ones = matrix.astype(np.float64) ** 2, np.ones(matrix.shape)
        squares /= squares.mean() or 1.0  # batch normalisation makes the size of a whole layer's weights arbitrary
        self._row_groups = tiling.column_blocks(squares) / tiling.column_blocks(ones)
        self._column_groups = tiling.row_blocks(squares) / tiling.row_blocks(ones)
        self.size = matrix.size
        self.ranked = np.concatenate(
            [
                np.full(self._row_groups.size, groups != "columns"),
                np.full(self._column_groups.size, groups != "rows"),
            ]
        )
        self.strength = np.concatenate([self._row_groups.ravel(), self._column_groups.ravel()])
        self.kept = np.ones(self.strength.size, dtype=bool)

    def mask(self):
        rows, columns = np.split(self.kept, [self._row_groups.size])
        rows = rows.reshape(self._row_groups.shape)[:, self._tiling.column_block_of(self._shape)]
        return rows & columns.reshape(self._column_groups.shape)[self._tiling.row_block_of(self._shape)]

    def removable(self):
        """Indices of the ranked groups but the strongest of each kind, so that no layer loses all its weights."""
        candidates = self.ranked.copy()
        for kind in np.split(np.arange(self.kept.size), [self._row_groups.size]):
            candidates[kind[np.argmax(self.strength[kind])]] = False
        return np.flatnonzero(candidates)


def _prune(layers, sparsity):
    """Removes the weakest groups until the fraction of zeros is as near to `sparsity` as whole groups allow."""
    owner = np.concatenate([np.full(layer.removable().size, i) for i, layer in enumerate(layers)])
    index = np.concatenate([layer.removable() for layer in layers])
    strength = np.concatenate([layer.strength[layer.removable()] for layer in layers])
    order = np.argsort(strength, kind="stable")
    target = sparsity * sum(layer.size for layer in layers)

    def zeros(count):
        """Zero weights when the weakest `count` groups are removed, which it does."""
        for i, layer in enumerate(layers):
            layer.kept[:] = True
            layer.kept[index[order[:count]][owner[order[:count]] == i]] = False
        return sum(layer.size - np.count_nonzero(layer.mask()) for layer in layers)

    low, high = 0, order.size  # zeros(low) < target <= zeros(high), or high is all
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if zeros(middle) >= target else (middle, high)
    zeros(min((low, high), key=lambda count: abs(zeros(count) - target)))
