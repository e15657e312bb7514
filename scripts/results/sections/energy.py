# SPDX-License-Identifier: Apache-2.0
"""Energy by component, layer and action."""
import plotly.graph_objects as go

from results.palette import GREY, OTHER, component_colours, merged
from results.sections import Chart, Section, bar_layout, bars, row_height, section
from results.units import percent, si

STATIC = "leakage, constant"
_TEXT = (
    "Counted actions x energy per action, summed over all images, and leakage and constant power of every instance "
    "on the chip over the latency of all images."
)


@section("energy", 10)
def energy(run):
    if not run.timed:
        return None
    text = f"{si(run.summary['energy_j'], 'J')} in all. {_TEXT}"
    if not _count(run):
        return Section("energy", "Energy", text, ())
    colours = component_colours(run)
    charts = (
        Chart(
            "By component", _by_component(run, colours), row_height(_count(run)), wide=False, note=_others(run, colours)
        ),
        Chart(
            "Component, layer, action",
            _sunburst(run, colours),
            430,
            wide=False,
            note="A click opens a component, a click on the middle closes it.",
        ),
        Chart(
            "By layer",
            _by_layer(run, colours),
            row_height(len(run.layers) + 1, 2),
            note="Leakage and constant power belong to no layer.",
        ),
    )
    return Section("energy", "Energy", text, charts)


def _count(run):
    return sum(value > 0 for value in run.summary["energy_by_component_j"].values())


def _others(run, colours):
    parts = run.summary["energy_by_component_j"]
    rest = sorted(
        (name for name, value in parts.items() if value > 0 and name not in colours), key=parts.get, reverse=True
    )
    return f"Grey, “{OTHER}” in all charts: {', '.join(rest)}." if rest else ""


def _by_component(run, colours):
    """Actions and static parts of each component, the largest first."""
    total = run.summary["energy_j"]
    parts = run.summary["energy_by_component_j"]
    names = sorted((name for name, value in parts.items() if value > 0), key=parts.get, reverse=True)
    figure = go.Figure()
    for name, key, pattern in (("actions", "dynamic", ""), ("leakage and constant power", "static", "/")):
        values = [run.summary[f"energy_{key}_by_component_j"].get(entry, 0.0) for entry in names]
        if any(values):
            shown = [f"{si(value, 'J')} ({percent(value / total, 3)})" for value in values]
            figure.add_trace(
                bars(
                    names,
                    values,
                    name,
                    [colours.get(entry, GREY) for entry in names],
                    shown,
                    marker_pattern_shape=pattern,
                    showlegend=False,
                )
            )
    return bar_layout(figure, "energy", "J")


def _by_layer(run, colours):
    table = run.energy.assign(layer=run.energy["layer"].where(run.energy["layer"] != "", STATIC))
    # Not pivot_table: with a fill value it takes energies of nanojoules for whole numbers, that is, for zero.
    by_layer = table.groupby(["layer", "component"])["energy_j"].sum().unstack(fill_value=0.0)
    order = (
        [*run.layers["layer"], STATIC]
        if STATIC in by_layer.index and by_layer.loc[STATIC].sum() > 0
        else [*run.layers["layer"]]
    )
    rows = {name: merged(by_layer.loc[name].to_dict(), colours) for name in order if name in by_layer.index}
    figure = go.Figure()
    for component, colour in colours.items():
        values = [parts.get(component, 0.0) for parts in rows.values()]
        if any(values):
            figure.add_trace(bars(rows, values, component, colour, [si(value, "J") for value in values]))
    return bar_layout(figure, "energy, all images", "J")


def _sunburst(run, colours):
    """Component -> layer -> action as one ring each; actions only where a component has several."""
    table = run.energy[run.energy["energy_j"] > 0]
    ids, labels, parents, values, tints = [], [], [], [], []

    def add(path, value):
        ids.append("/".join(path))
        labels.append(path[-1])
        parents.append("/".join(path[:-1]))
        values.append(float(value))
        tints.append(colours.get(path[0], GREY))

    for component, rows in table.groupby("component", sort=True):
        add((component,), rows["energy_j"].sum())
        for layer, entries in rows.groupby("layer", sort=False):
            place = (component, layer or STATIC)
            add(place, entries["energy_j"].sum())
            for action, value in zip(entries["action"], entries["energy_j"]):
                add((*place, action), value)
    figure = go.Figure(
        go.Sunburst(
            ids=ids,
            labels=labels,
            parents=parents,
            values=values,
            branchvalues="total",
            maxdepth=2,
            marker={"colors": tints},
            text=[si(value, "J") for value in values],
            textinfo="label",
            hovertemplate="%{id}<br>%{text} (%{percentRoot:.1%})<extra></extra>",
            sort=True,
        )
    )
    return figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})
