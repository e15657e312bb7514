# SPDX-License-Identifier: Apache-2.0
"""How much a figure depends on each axis of a sweep: the main effects."""
import pandas as pd


def main_effects(sweep, metric):
    """DataFrame indexed by axis, largest effect first: `effect` (largest less smallest of the means of `metric` over
    the points with the same value of the axis), `lowest` and `highest` (the values of the axis that have these means).

    Points without the metric are left out; an axis with fewer than two values left is too. Where the sweep is no full
    grid the means of an axis also differ by what the other axes happen to be.
    """
    known = sweep.done[sweep.done[metric].notna()]
    rows = {}
    for axis in sweep.axes:
        means = known.groupby(axis, sort=True)[metric].mean()
        if len(means) > 1:
            rows[axis] = (means.max() - means.min(), means.idxmin(), means.idxmax())
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["effect", "lowest", "highest"])
    return table.rename_axis("axis").sort_values("effect", ascending=False, kind="stable")
