# SPDX-License-Identifier: Apache-2.0
"""D.U.B.: discrete, unstructured and balanced sparsity for crossbar columns (Ibrayev et al., arXiv 2403.13082).

1. Train with the variance of the columns' density as a regulariser (`prune.regularisers.column_variance`).
2. Prune tile by tile to the levels at which an ADC loses a bit (`prune.levels`).
3. Retrain the weights that stay.

S-DUB first draws whole tiles to zero with a group lasso and removes them.
"""
from types import MappingProxyType

from prune import columns
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
from prune.methods.group_lasso import masks_of_groups
from prune.options import Option
from prune.regularisers import REGULARISERS
from prune.stages import Stage

_VARIANCE, _LASSO = REGULARISERS.get("column_variance"), REGULARISERS.get("group_lasso")
_LAMBDA_GROUP = next(option for option in _LASSO.options if option.name == "lambda_group")


@method("dub")
class Dub(Method):
    summary = "Balances the columns of each crossbar, then prunes them to levels that save ADC bits (D.U.B.)."
    options = (
        *_VARIANCE.options,
        LAYERS,
        Option(
            "mode",
            str,
            "tol",
            "What counts as zero: magnitudes up to --tol (tol), or the fraction --ratios of each layer (ratio).",
            choices=("tol", "ratio"),
        ),
        TOL,
        RATIOS,
        REGULARISE_EPOCHS,
        Option(
            "tile_epochs",
            int,
            0,
            "S-DUB: epochs before all others in which a group lasso empties whole tiles; 0 is plain D.U.B.",
            minimum=0,
            maximum=100000,
        ),
        _LAMBDA_GROUP,
    )
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def check(self, options, training):
        check_tile(options)
        if (options["mode"] == "ratio") != bool(options["ratios"]):
            raise UserError(
                "--ratios: is given with --mode ratio and only then; give "
                + ("--ratios, for example 0.8" if options["mode"] == "ratio" else "--mode ratio, or leave it out")
            )
        if options["tile_epochs"] and not options["regularise_epochs"]:
            raise UserError("--tile-epochs: tiles are removed before --regularise-epochs; give at least 1 of these")

    def check_weights(self, weights, options):
        if options["mode"] == "ratio":
            ratios_by_layer(weights, options)

    def stages(self, options):
        from prune.regularised import Regularised

        tiles = {**options, "crossbar_groups": "tiles"}
        return (
            Stage("tiles", options["tile_epochs"], alive, lambda masks: Regularised(masks, _LASSO, tiles)),
            Stage(
                "regularise",
                options["regularise_epochs"],
                lambda weights: masks_of_groups(weights, tiles) if options["tile_epochs"] else alive(weights),
                lambda masks: Regularised(masks, _VARIANCE, options),
            ),
        )

    def masks(self, weights, options):
        zero, keep_single = thresholds(weights, options), options["mode"] == "ratio"
        pruned = {
            name: tile_mask(weight, options["tile"], zero[name], keep_single) & (weight != 0)
            for name, weight in selected(weights, options).items()
        }
        return {**alive(weights), **pruned}

    def report(self, weights, options):
        return columns.lines(selected(weights, options), options["tile"])
