# SPDX-License-Identifier: Apache-2.0
"""The regulariser of D.U.B. (Ibrayev et al., arXiv 2403.13082): the columns of a crossbar shall be equally sparse.

    H(c) = (sum |w_i|)^2 / (sum w_i^2 + 1e-6)       a smooth stand-in for the number of weights in column c
    penalty = lambda_var * sum over tiles of Var H + lambda_mean * sum over tiles of (mean H - 1)

The gate is the identity in the forward pass and lets no gradient <= 0 of the variance through to H: columns denser than
their tile's mean are thinned, sparser ones are not filled up again.
"""
from prune.column_options import TILE
from prune.options import Option
from prune.regularisers import Regulariser, regulariser

_TINY = 1e-6


@regulariser("column_variance")
class ColumnVariance(Regulariser):
    summary = "Variance of the Hoyer-square measure over the columns of each crossbar."
    options = (
        TILE,
        Option("lambda_var", float, 1e-3, "Strength of the variance.", minimum=0.0, maximum=1e6),
        Option(
            "lambda_mean", float, 0.0, "Strength of the mean, which the gate leaves alone.", minimum=0.0, maximum=1e6
        ),
        Option(
            "gate",
            str,
            "one-sided",
            "Push only columns denser than their tile's mean (one-sided), or sparser ones the other way too (none).",
            choices=("one-sided", "none"),
        ),
        Option(
            "missing_columns",
            str,
            "zero",
            "Columns that a crossbar at the edge of a layer lacks: count them as empty, as the published code does (zero), "
            "or leave them out (ignored).",
            choices=("zero", "ignored"),
        ),
    )

    def penalty(self, weights, options):
        from prune.segments import columns_of_tiles

        measures = columns_of_tiles(weights, options["tile"], hoyer_square)
        exists = None
        if options["missing_columns"] == "ignored":
            exists = columns_of_tiles(weights, options["tile"], lambda column: column.new_ones(column.shape[:-1]))
        gated = one_sided(measures) if options["gate"] == "one-sided" else measures
        result = options["lambda_var"] * variance(gated, exists).sum()
        if options["lambda_mean"]:
            result = result + options["lambda_mean"] * (_mean(measures, exists) - 1.0).sum()
        return result


def hoyer_square(columns):
    """(..., N) -> (...): between 1 and the number of non-zeros of each column; 0 for an empty one."""
    return columns.abs().sum(-1).square() / (columns.square().sum(-1) + _TINY)


def one_sided(measures):
    """The same values; gradients that are not positive end here."""
    gated = measures.view_as(measures)
    if gated.requires_grad:
        gated.register_hook(lambda gradient: gradient.clamp(min=0.0))
    return gated


def variance(measures, exists=None):
    """(tiles, N) -> (tiles,): unbiased sample variance over the columns, those with `exists` 1 if it is given."""
    if exists is None:
        return measures.var(dim=1)
    count = exists.sum(1)
    deviations = (measures - _mean(measures, exists)[:, None]) * exists
    return deviations.square().sum(1) / (count - 1).clamp(min=1.0)


def _mean(measures, exists):
    return measures.mean(1) if exists is None else (measures * exists).sum(1) / exists.sum(1)
