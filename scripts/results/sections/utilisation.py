# SPDX-License-Identifier: Apache-2.0
"""What the lanes of each layer do, and how evenly the work lies on its tiles."""
import plotly.graph_objects as go

from results.palette import FAINT
from results.sections import COLOURS, Chart, Section, bar_layout, bars, row_height, section
from results.units import percent

_STATES = {
    "busy_cycles": ("busy", COLOURS[2]),
    "stall_input_cycles": ("stall: input", COLOURS[1]),
    "stall_partial_sum_cycles": ("stall: partial sums", COLOURS[3]),
    "stall_output_cycles": ("stall: output", COLOURS[5]),
    "idle_cycles": ("idle", FAINT),
}
_TEXT = (
    "Shares of the whole run. Idle is the time before a lane's first wave and after its last one; stalls are waits "
    "in between."
)
_LOAD = (
    "Cycles for which the row groups of a tile are busy per image when no bit-cycle is skipped: of the tile with most "
    "work, and the mean over the layer's tiles."
)


@section("utilisation", 40)
def utilisation(run):
    if not run.timed:
        return None
    cycles = run.layers[[*_STATES]]
    total = cycles.to_numpy().sum()
    busy = cycles["busy_cycles"].sum() / total if total else 0.0
    charts = [Chart("Lanes", _lanes(run), row_height(len(run.layers), 2), wide=False)]
    loaded = run.layers[run.layers["tiles"] > 0]
    if len(loaded):
        charts.append(Chart("Tile load", _tile_load(loaded), row_height(len(loaded), 2), _LOAD, wide=False))
    return Section(
        "utilisation", "Utilisation", f"Lanes are busy {percent(busy, 3)} of the time. {_TEXT}", tuple(charts)
    )


def _lanes(run):
    cycles = run.layers[[*_STATES]]
    shares = cycles.div(cycles.sum(axis=1).where(lambda total: total > 0, 1), axis=0)
    figure = go.Figure()
    for column, (name, colour) in _STATES.items():
        if cycles[column].sum() > 0:
            shown = [
                f"{percent(share, 3)} ({count:,.0f} cycles)" for share, count in zip(shares[column], cycles[column])
            ]
            figure.add_trace(bars(run.layers["layer"], shares[column], name, colour, shown))
    return bar_layout(figure, "share of lane cycles", tickformat=".0%", range=[0, 1])


def _tile_load(layers):
    figure = go.Figure()
    for column, name, colour in (
        ("tile_load_mean_cycles", "mean over tiles", COLOURS[4]),
        ("tile_load_max_cycles", "tile with most work", COLOURS[0]),
    ):
        shown = [f"{value:,.0f} cycles" for value in layers[column]]
        figure.add_trace(bars(layers["layer"], layers[column], name, colour, shown))
    return bar_layout(figure, "cycles per image").update_layout(barmode="group")
