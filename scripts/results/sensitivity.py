# SPDX-License-Identifier: Apache-2.0
"""How much a figure depends on each axis of a sweep: the main effects."""
import pandas as pd

MOST_VALUES = 20  # of an axis whose values are taken one by one
RANGES = 10


def main_effects(sweep, metric):
    """DataFrame indexed by axis, largest effect first: `effect` (largest less smallest of the means of `metric` over
    the points with the same value of the axis), `lowest` and `highest` (the values of the axis that have these means).

    Points without the metric are left out; an axis with fewer than two values left is too. An axis of more than 20
    numbers (one that was sampled) is cut into 10 ranges with about as many points each, named "LOW to HIGH". Where the
    sweep is no full grid the means of an axis also differ by what the other axes happen to be.
    """
    known = sweep.done[sweep.done[metric].notna()]
    rows = {}
    for axis in sweep.axes:
        means = known[metric].groupby(_ranges(known[axis]), sort=True).mean()
        if len(means) > 1:
            rows[axis] = (means.max() - means.min(), means.idxmin(), means.idxmax())
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["effect", "lowest", "highest"])
    return table.rename_axis("axis").sort_values("effect", ascending=False, kind="stable")


def _ranges(values):
    """`values` themselves, or of many different numbers the range that each is in."""
    counts = values.value_counts().sort_index()
    if len(counts) <= MOST_VALUES or values.dtype == object:
        return values
    place = (counts.cumsum() - counts) * RANGES // len(values)  # by the number of points before the value
    names = {key: f"{own[0]:.6g} to {own[-1]:.6g}" for key, own in place.groupby(place).groups.items()}
    return values.map(place.map(names))
