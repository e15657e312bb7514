# SPDX-License-Identifier: Apache-2.0
"""Group lasso (Yuan and Lin, 2006) over the columns, the rows or the whole of each crossbar, as D.U.B. compares with.

    penalty = lambda_group * sum over groups of |w_g|_2
"""
from prune.column_options import TILE
from prune.options import Option
from prune.regularisers import Regulariser, regulariser

GROUPS = Option(
    "crossbar_groups",
    str,
    "columns",
    "What shall be zero as a whole: columns of a crossbar, its rows, or all of it (tiles).",
    choices=("columns", "rows", "tiles"),
)
_TINY = 1e-24  # the root has no slope at zero


@regulariser("group_lasso")
class GroupLasso(Regulariser):
    summary = "Sum of the norms of the columns, rows or tiles of all crossbars."
    options = (
        TILE,
        GROUPS,
        Option("lambda_group", float, 5e-4, "Strength of the group lasso.", minimum=0.0, maximum=1e6),
    )

    def penalty(self, weights, options):
        squares = (group_squares(weight, options["tile"], options["crossbar_groups"]) for weight in weights)
        return options["lambda_group"] * sum(s.clamp(min=_TINY).sqrt().sum() for s in squares)


def group_squares(weight, tile, groups):
    """Sums of squares by group of weights (Cout, ...), a tensor."""
    from prune.segments import by_tile, segments

    squares = segments(weight.square(), tile)
    if groups == "columns":
        return squares.sum(-1)
    rows = by_tile(squares.flatten(1), tile).sum(1)  # each row of each tile, over the tile's columns
    return rows if groups == "rows" else by_tile(squares.sum(-1), tile).sum(1)
