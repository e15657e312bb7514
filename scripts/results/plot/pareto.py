# SPDX-License-Identifier: Apache-2.0
"""The Pareto front of accuracy, energy and latency."""
from results import pareto as rule, ticks
from results.palette import FAINT
from results.plot import Inapplicable, figure, legend_above


@figure("sweep", height=2.8)
def pareto(sweep, axes):
    """Accuracy against energy; points on the front coloured by latency, dominated ones grey."""
    objectives, on_front = rule.of_sweep(sweep)
    if len(objectives) < 2:
        raise Inapplicable("fewer than two of accuracy, energy and latency are known")
    up, across, colour = objectives[0], objectives[1], objectives[-1]
    done = sweep.done
    rest, best = done[~on_front], done[on_front]
    axes.plot(
        rest[across],
        rest[up],
        ".",
        color=FAINT,
        markersize=4,
        markeredgewidth=0,
        label="dominated",
        rasterized=len(rest) > 2000,
    )
    points = axes.scatter(
        best[across],
        best[up],
        c=best[colour],
        cmap="viridis",
        s=18,
        linewidth=0.4,
        edgecolor="#1b2430",
        label="Pareto front",
        zorder=3,
    )
    ticks.label(axes.xaxis, across, sweep.unit(across))
    ticks.label(axes.yaxis, up, sweep.unit(up))
    if len(objectives) > 2:
        bar = axes.figure.colorbar(points, ax=axes, pad=0.02, aspect=30)
        bar.outline.set_linewidth(0)
        ticks.label(bar.ax.yaxis, colour, sweep.unit(colour))
    legend_above(axes)
