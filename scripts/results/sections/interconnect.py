# SPDX-License-Identifier: Apache-2.0
"""Bytes that each layer moves over buffer, bus and network on chip."""
import plotly.graph_objects as go

from results import roofline
from results.sections import COLOURS, Chart, Section, bar_layout, bars, row_height, section
from results.units import percent, si

_WAYS = {
    "noc": "network on chip (received)",
    "bus": "bus to the processing elements",
    "buffer": "tile buffer (read and written)",
}
_TEXT = (
    "Bytes are the action counts of energy.csv, over all images. The mean rate is bytes received over the network on chip "
    "divided by the layer's latency."
)


@section("interconnect", 60)
def interconnect(run):
    moved = run.energy[run.energy["component"].isin(_WAYS) & (run.energy["layer"] != "")]
    if not run.timed or moved["count"].sum() == 0:
        return None
    order = run.layers["layer"]
    by_layer = moved.groupby(["layer", "component"])["count"].sum().unstack(fill_value=0).reindex(order, fill_value=0)
    figure = go.Figure()
    for (component, name), colour in zip(_WAYS.items(), (COLOURS[2], COLOURS[1], COLOURS[4])):
        if component in by_layer and by_layer[component].sum() > 0:
            figure.add_trace(
                bars(order, by_layer[component], name, colour, [si(float(value), "B") for value in by_layer[component]])
            )
    chart = Chart(
        "Bytes by layer",
        bar_layout(figure, "bytes, all images", "B").update_layout(barmode="group", bargap=0.25),
        row_height(int(len(order) * 1.5), 2),
    )
    return Section("interconnect", "Interconnect", f"{_TEXT} {_link_text(run)}", (chart,), _table(run, by_layer))


def _link_text(run):
    energies = run.summary["energy_by_component_j"]
    limit = roofline.bandwidth(run)
    link = f"Each pair of connected layers has a link of {si(limit, 'B/s')}. " if limit else ""
    if energies.get("chip_link"):
        link += (
            f"Links to other chips draw constant power, {si(energies['chip_link'], 'J')} in this run; their load is not "
            "modelled. "
        )
    return link + "Load of a bus or buffer against a limit is not shown, since the model gives them none."


def _table(run, by_layer):
    latency = run.layers.set_index("layer")["latency_s"]
    limit = roofline.bandwidth(run)
    header = ["layer", "noc", "bus", "buffer", "noc, mean rate"] + (["of one link"] if limit else [])
    rows = []
    for name, counts in by_layer.iterrows():
        rate = counts.get("noc", 0) / latency[name] if latency[name] > 0 else 0.0
        cells = [name] + [si(float(counts.get(way, 0)), "B") for way in ("noc", "bus", "buffer")] + [si(rate, "B/s")]
        rows.append(cells + ([percent(rate / limit, 3)] if limit else []))
    return header, rows
