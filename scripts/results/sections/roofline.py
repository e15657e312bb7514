# SPDX-License-Identifier: Apache-2.0
"""Achieved operations per second against the limits of crossbars and links."""
import numpy as np
import plotly.graph_objects as go

from results import roofline as model
from results.palette import GREY
from results.sections import COLOURS, Chart, Section, section
from results.units import percent, si

_TEXT = (
    "Across: operations per byte that the layer receives over the network on chip (2 x multiply-accumulates of the dense "
    "layer; bytes are the noc.transfer counts of energy.csv). Up: operations per second over the layer's latency. "
    "Layers without multiply-accumulates are not shown."
)


@section("roofline", 70)
def roofline(run):
    if not model.applies(run):
        return None
    layers = model.layers(run)
    shown = layers[layers["intensity"].notna()]
    text = f"{_TEXT} {_roofs_text(run)}"
    charts = (Chart("Roofline", _figure(run, shown), 440),) if len(shown) else ()
    return Section("roofline", "Roofline", text, charts, _table(layers))


def _roofs_text(run):
    limit = model.bandwidth(run)
    bits = " x ".join(filter(None, (run.value("peak.weight_bits"), run.value("peak.activation_bits"))))
    peak = (
        f"A layer's limit (bar above its point) is what its lanes would do if they never waited. The line is the chip's "
        f"peak, {si(run.summary['peak']['tops'] * 1e12, 'OP/s')}{f' at {bits} bits' if bits else ''}: "
        "every crossbar full and busy"
    )
    return peak + (
        f"; the slope is a link of {si(limit, 'B/s')} between two layers." if limit else "; links have no limit."
    )


def _figure(run, layers):
    peak = run.summary["peak"]["tops"] * 1e12
    limit = model.bandwidth(run)
    low, high = layers["intensity"].min() / 4, layers["intensity"].max() * 4
    across = np.array([low, peak / limit, max(high, 2 * peak / limit)] if limit else [low, high])
    across.sort()
    roof = np.minimum(peak, across * limit) if limit else np.full(len(across), peak)
    figure = go.Figure(
        go.Scatter(
            x=across,
            y=roof,
            mode="lines",
            line={"color": GREY, "width": 2},
            hoverinfo="skip",
            name="chip's peak and link",
        )
    )
    gaps = [value for name in layers.index for value in (layers.at[name, "rate"], layers.at[name, "limit"], None)]
    figure.add_trace(
        go.Scatter(
            x=[x for x in layers["intensity"] for _ in range(3)],
            y=gaps,
            mode="lines",
            hoverinfo="skip",
            line={"color": COLOURS[0], "width": 1, "dash": "dot"},
            name="up to the layer's limit",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=layers["intensity"],
            y=layers["limit"],
            mode="markers",
            name="layer's limit",
            marker={"symbol": "line-ew-open", "size": 16, "color": COLOURS[0], "line": {"width": 2}},
            text=[
                f"{name}: limit {si(v, 'OP/s')} ({b})"
                for name, v, b in zip(layers.index, layers["limit"], layers["bound"])
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=layers["intensity"],
            y=layers["rate"],
            mode="markers",
            name="layer, achieved",
            marker={"size": 10, "color": COLOURS[3]},
            text=_hover(layers),
            hovertemplate="%{text}<extra></extra>",
        )
    )
    axes = {"type": "log", "exponentformat": "SI", "dtick": 1}
    return figure.update_layout(
        xaxis=axes | {"title": "operations per byte received"},
        yaxis=axes | {"title": "operations per second", "automargin": True},
        legend={"orientation": "h"},
        hovermode="closest",
    )


def _hover(layers):
    return [
        f"<b>{name}</b><br>{si(row['rate'], 'OP/s')}, {percent(row['rate'] / row['limit'], 3)} of its limit"
        f"<br>{si(row['intensity'])} OP/B; lanes mostly {row['lanes']}"
        for name, row in layers.iterrows()
    ]


def _table(layers):
    header = ["layer", "achieved", "limit", "of it", "limited by", "lanes mostly"]
    rows = [
        [
            name,
            si(row["rate"], "OP/s"),
            si(row["limit"], "OP/s"),
            percent(row["rate"] / row["limit"], 3),
            row["bound"],
            row["lanes"],
        ]
        for name, row in layers.iterrows()
    ]
    return header, rows
