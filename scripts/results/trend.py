# SPDX-License-Identifier: Apache-2.0
"""Lines of means of one column of a sweep against another, for figures."""
import dataclasses

from results import ticks
from results.palette import COLOURS
from results.plot import Inapplicable, legend_above
from results.spread import band
from results.units import words

MOST_MEANS = 60


def draw(sweep, axes, x, y, group=None):
    """Means of `y` over the points with the same `x`, a line for each value of `group`; points behind them, and for
    energies a band from the lowest to the highest mean under the sweep's ADC cost models."""
    known = sweep.done[sweep.done[x].notna() & sweep.done[y].notna()]
    if known[x].nunique() < 2:
        raise Inapplicable(f"{x} has fewer than two values with a known {y}")
    parts = (
        [(None, sweep)] if group is None else [(level, _only(sweep, group, level)) for level in _levels(sweep, group)]
    )
    for (level, part), colour in zip(parts, COLOURS):
        _line(part, axes, x, y, colour, words(y) if level is None else _name(group, level))
    _axes(sweep, axes, known, x, y)


def group_of(sweep, x):
    """The axis that gives a figure its lines: adc.bits or the workload if they vary, else the first one that does
    in a few values; None if there is none."""
    few = [
        name for name in sweep.axes if name not in (x, "replicate") and 1 < sweep.done[name].nunique() <= len(COLOURS)
    ]
    return next((name for name in ("adc.bits", "workload") if name in few), few[0] if few else None)


def _line(sweep, axes, x, y, colour, label):
    means = band(sweep, y, x)
    axes.plot(
        sweep.done[x],
        sweep.done[y],
        ".",
        color=colour,
        alpha=0.25,
        markersize=3,
        markeredgewidth=0,
        rasterized=len(sweep.done) > 2000,
    )
    few = len(means) <= MOST_MEANS  # of a sampled axis, a line through single points would zigzag
    axes.plot(means.index, means["mean"], "o-" if few else ".", color=colour, label=label)
    if "low" in means and few:
        axes.fill_between(means.index, means["low"], means["high"], color=colour, alpha=0.15, linewidth=0)


def _axes(sweep, axes, known, x, y):
    ticks.label(axes.xaxis, x, sweep.unit(x))
    ticks.label(axes.yaxis, y, sweep.unit(y))
    if x in sweep.axes and known[x].nunique() <= 10 and known[x].dtype != object:
        ticks.only(axes.xaxis, sorted(known[x].unique()))
    legend_above(axes)


def _levels(sweep, group):
    return sweep.done[group].drop_duplicates().sort_values().tolist()


def _name(group, level):
    return str(level) if isinstance(level, str) else f"{group} {level:g}"


def _only(sweep, group, level):
    return dataclasses.replace(sweep, table=sweep.table[sweep.table[group] == level])
