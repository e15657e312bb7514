# SPDX-License-Identifier: Apache-2.0
"""TinyADC (Yuan et al., DATE 2021): at most l weights in every column of a crossbar, at free places, found by ADMM.

The bound is the same for all crossbars; D.U.B. lets each crossbar have its own.
"""
from types import MappingProxyType

import numpy as np

from prune import columns
from prune.admm.options import PULL
from prune.column_options import LAYERS, REGULARISE_EPOCHS, TILE, check_tile, selected
from prune.errors import UserError
from prune.methods import Method, alive, method
from prune.options import Option
from prune.stages import Stage


@method("tinyadc")
class TinyAdc(Method):
    summary = "Bounds the weights of every crossbar column to what an ADC of few bits can count (TinyADC)."
    options = (
        TILE,
        Option("column_bits", int, 3, "ADC bits that a column may need.", minimum=1, maximum=16),
        Option(
            "counting",
            str,
            "exact",
            "Weights in a column that b bits allow: 2^b - 1, whose sums they tell apart (exact), or 2^b (dub).",
            choices=("exact", "dub"),
        ),
        LAYERS,
        REGULARISE_EPOCHS,
        *PULL,
    )
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def check(self, options, training):
        check_tile(options)
        if bound(options) > options["tile"]:
            raise UserError(
                f"--column-bits: {options['column_bits']} bits count {bound(options)} weights, but a column has "
                f"{options['tile']} rows; give fewer bits or a larger --tile"
            )

    def stages(self, options):
        from prune.admm.sparse import SparseAdmm

        def admm(masks):
            return SparseAdmm(masks, lambda weights: self.masks(weights, options), options)

        return (Stage("admm", options["regularise_epochs"], alive, admm),)

    def masks(self, weights, options):
        chosen = {
            name: largest_of_segments(weight, options["tile"], bound(options))
            for name, weight in selected(weights, options).items()
        }
        return {**alive(weights), **chosen}

    def report(self, weights, options):
        return columns.lines(selected(weights, options), options["tile"])


def bound(options):
    """The most weights in a column of a crossbar, l."""
    return 2 ** options["column_bits"] - (options["counting"] == "exact")


def largest_of_segments(weight, length, count):
    """Bool mask of the `count` largest weights among each `length` consecutive inputs of a filter; zeros never stay.

    Among equals those of the first inputs stay.
    """
    magnitudes = np.abs(columns.segments(weight, length))
    order = np.argsort(-magnitudes, axis=2, kind="stable")
    kept = np.zeros(magnitudes.shape, dtype=bool)
    np.put_along_axis(kept, order[:, :, :count], True, axis=2)
    return columns.joined(kept & (magnitudes > 0), weight.shape)
