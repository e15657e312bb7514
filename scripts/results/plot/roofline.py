# SPDX-License-Identifier: Apache-2.0
"""Achieved operations per second of each layer against its limits."""
import numpy as np

from results import roofline as model, ticks
from results.palette import COLOURS, GREY
from results.plot import Inapplicable, figure, legend_above


@figure("run", height=2.6)
def roofline(run, axes):
    """Points: operations per second over each layer's latency; ticks: what its lanes or its link allow; line: the
    chip's peak and the bandwidth of a link. Across: operations per byte received over the network on chip."""
    if not model.applies(run):
        raise Inapplicable("the run has no times or no peak")
    layers = model.layers(run)
    layers = layers[layers["intensity"].notna()]
    if layers.empty:
        raise Inapplicable("no layer receives anything over the network on chip")
    _roof(run, layers, axes)
    axes.vlines(layers["intensity"], layers["rate"], layers["limit"], color=COLOURS[0], linestyle=":", linewidth=0.8)
    axes.plot(layers["intensity"], layers["limit"], "_", color=COLOURS[0], markersize=8, label="limit")
    axes.plot(layers["intensity"], layers["rate"], "o", color=COLOURS[3], label="achieved")
    axes.set(xscale="log", yscale="log", xlabel="operations per byte received", ylabel="operations per second")
    ticks.si(axes.yaxis, "OP/s")
    ticks.si(axes.xaxis)
    legend_above(axes)


def _roof(run, layers, axes):
    peak, limit = run.summary["peak"]["tops"] * 1e12, model.bandwidth(run)
    low, high = layers["intensity"].min() / 3, layers["intensity"].max() * 3
    ridge = peak / limit if limit else low
    across = np.sort([low, ridge, max(high, 2 * ridge)])
    axes.plot(across, np.minimum(peak, across * limit) if limit else np.full(3, peak), color=GREY, label="chip")
