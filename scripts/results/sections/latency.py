# SPDX-License-Identifier: Apache-2.0
"""Latency and stalls of each layer."""
import plotly.graph_objects as go

from results.sections import COLOURS, Chart, Section, bar_layout, bars, row_height, section
from results.units import si

STALLS = {
    "stall_input_cycles": "input (receptive field)",
    "stall_partial_sum_cycles": "partial sums (other row groups)",
    "stall_output_cycles": "output buffer",
}
_TEXT = (
    "A layer's latency runs from the start of its first wave to its last result, over all images; in a pipelined schedule "
    "layers overlap, so latencies do not add up. Stalls are summed over the layer's lanes: replicas of row groups, "
    "or the vector unit."
)


@section("latency", 30)
def latency(run):
    if not run.timed:
        return None
    names = run.layers["layer"]
    values = run.layers["latency_s"]
    figure = go.Figure(bars(names, values, "latency", COLOURS[0], [si(value, "s") for value in values]))
    charts = [
        Chart(
            "Latency by layer", bar_layout(figure, "first wave to last result", "s"), row_height(len(names)), wide=False
        )
    ]
    if run.layers[[*STALLS]].to_numpy().sum() > 0:
        charts.append(Chart("Stalls by layer", _stalls(run), row_height(len(names)), wide=False))
    else:
        charts[0] = Chart(charts[0].title, charts[0].figure, charts[0].height, "No lane ever stalls.")
    first = si(run.summary["latency_first_image_s"], "s")
    total = f"{si(run.summary['latency_s'], 's')} for all images ({run.summary['cycles']:,} cycles)"
    head = f"{total}, {first} for the first one. "
    return Section("latency", "Latency and stalls", head + _TEXT, tuple(charts))


def _stalls(run):
    figure = go.Figure()
    for (column, name), colour in zip(STALLS.items(), COLOURS[1:]):
        values = run.layers[column]
        if values.sum() > 0:
            figure.add_trace(
                bars(
                    run.layers["layer"],
                    values,
                    name,
                    colour,
                    [f"{value:,.0f} cycles" for value in values],
                    showlegend=True,
                )
            )
    return bar_layout(figure, "lane cycles")
