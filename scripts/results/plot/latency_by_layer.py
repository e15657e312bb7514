# SPDX-License-Identifier: Apache-2.0
"""Latency of each layer."""
from results import ticks
from results.palette import COLOURS
from results.plot import Inapplicable, figure


def _height(run):
    return 0.8 + 0.15 * len(run.layers)


@figure("run", height=_height)
def latency_by_layer(run, axes):
    """Horizontal bars from the start of each layer's first wave to its last result, over all images."""
    if not run.timed:
        raise Inapplicable("the run has no times (run.function: values)")
    axes.barh(run.layers["layer"], run.layers["latency_s"], color=COLOURS[0], height=0.7)
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("first wave to last result, all images")
    ticks.si(axes.xaxis, "s")
