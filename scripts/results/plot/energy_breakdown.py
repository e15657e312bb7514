# SPDX-License-Identifier: Apache-2.0
"""Energy by layer, stacked by component."""
from results import ticks
from results.palette import component_colours, merged
from results.plot import Inapplicable, figure, legend_above

STATIC = "leakage"


def _height(run):
    return 1.2 + 0.15 * (len(run.layers) + 1)


@figure("run", height=_height)
def energy_breakdown(run, axes):
    """Horizontal stacks of the energy of all images by layer; leakage and constant power belong to no layer."""
    if not run.timed:
        raise Inapplicable("the run has no energies (run.function: values)")
    colours = component_colours(run)
    table = run.energy.assign(layer=run.energy["layer"].where(run.energy["layer"] != "", STATIC))
    parts = {
        layer: merged(rows.groupby("component")["energy_j"].sum().to_dict(), colours)
        for layer, rows in table.groupby("layer")
    }
    layers = [name for name in [*run.layers["layer"], STATIC] if parts.get(name)]
    left = [0.0] * len(layers)
    for component, colour in colours.items():
        values = [parts[name].get(component, 0.0) for name in layers]
        if any(values):
            axes.barh(layers, values, left=left, color=colour, label=component, height=0.7)
            left = [start + value for start, value in zip(left, values)]
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("energy, all images")
    ticks.si(axes.xaxis, "J")
    legend_above(axes)
