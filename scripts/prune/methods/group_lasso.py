# SPDX-License-Identifier: Apache-2.0
"""Group lasso over columns, rows or tiles of crossbars: what D.U.B. (Ibrayev et al., arXiv 2403.13082) compares with."""
from types import MappingProxyType

import numpy as np

from prune import columns, tiles
from prune.column_options import (
    LAYERS,
    RATIOS,
    REGULARISE_EPOCHS,
    TOL,
    check_tile,
    ratios_by_layer,
    selected,
    thresholds,
)
from prune.errors import UserError
from prune.levels import tile_mask
from prune.methods import Method, alive, method
from prune.options import Option
from prune.regularisers import REGULARISERS
from prune.stages import Stage

_LASSO = REGULARISERS.get("group_lasso")


@method("group_lasso")
class GroupLassoMethod(Method):
    summary = "Draws whole columns, rows or tiles of crossbars to zero (group lasso) and removes those that get there."
    options = (
        *_LASSO.options,
        LAYERS,
        TOL,
        RATIOS,
        REGULARISE_EPOCHS,
        Option(
            "remove",
            str,
            "groups",
            "Remove groups whose root mean square is at most --tol (groups), or weights by the tile levels of D.U.B., as "
            "its published comparison does (levels); with --ratios these say what counts as zero, instead of --tol.",
            choices=("groups", "levels"),
        ),
    )
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def check(self, options, training):
        check_tile(options)
        if options["ratios"] and options["remove"] != "levels":
            raise UserError("--ratios: belongs to --remove levels; give that too, or leave the ratios out")

    def check_weights(self, weights, options):
        if options["ratios"]:
            ratios_by_layer(weights, options)

    def stages(self, options):
        from prune.regularised import Regularised

        epochs = options["regularise_epochs"]
        return (Stage("regularise", epochs, alive, lambda masks: Regularised(masks, _LASSO, options)),)

    def masks(self, weights, options):
        if options["remove"] == "groups":
            return masks_of_groups(weights, options)
        zero, keep_single = thresholds(weights, options), bool(options["ratios"])
        pruned = {
            name: tile_mask(weight, options["tile"], zero[name], keep_single) & (weight != 0)
            for name, weight in selected(weights, options).items()
        }
        return {**alive(weights), **pruned}

    def report(self, weights, options):
        return columns.lines(selected(weights, options), options["tile"])


def masks_of_groups(weights, options):
    """Masks without the groups of the selected layers whose root mean square is at most `tol`."""
    tiling = tiles.Tiling(options["tile"], options["tile"])
    chosen = {
        name: tiles.unfold(_strong(tiles.matrix(weight), tiling, options), weight.shape) & (weight != 0)
        for name, weight in selected(weights, options).items()
    }
    return {**alive(weights), **chosen}


def _strong(matrix, tiling, options):
    """Bool (rows, Cout): the weights whose group stays."""
    squares, ones = np.square(matrix, dtype=np.float64), np.ones(matrix.shape)
    row, column = tiling.row_block_of(matrix.shape), tiling.column_block_of(matrix.shape)
    whole = np.arange(matrix.shape[0]), np.arange(matrix.shape[1])
    sums, places = {
        "columns": (tiling.row_blocks, (row, whole[1])),
        "rows": (tiling.column_blocks, (whole[0], column)),
        "tiles": (lambda array: tiling.row_blocks(tiling.column_blocks(array)), (row, column)),
    }[options["crossbar_groups"]]
    strong = sums(squares) > options["tol"] ** 2 * sums(ones)
    return strong[np.ix_(*places)]
