# SPDX-License-Identifier: Apache-2.0
"""Area of the chip by component, beside the shares of energy."""
import plotly.graph_objects as go

from results.palette import component_colours, merged
from results.sections import Chart, Section, bar_layout, bars, section
from results.units import percent, si

_TEXT = "Every instance on the chip, used or not, from the config alone."


@section("area", 20)
def area(run):
    areas = run.summary.get("area_by_component_mm2")
    if not areas or not run.summary.get("area_mm2"):
        return None
    colours = component_colours(run)
    rows = {"area": (areas, "mm²")}
    if run.timed:
        rows["energy"] = (run.summary["energy_by_component_j"], "J")
    chart = Chart(
        "Shares of area and energy" if run.timed else "Shares of area",
        _shares(rows, colours),
        250,
        note="Every component below the eight with the largest share is “other”.",
    )
    return Section("area", "Area", f"{si(run.summary['area_mm2'], 'mm²')} in all. {_TEXT}", (chart,))


def _shares(rows, colours):
    figure = go.Figure()
    merged_rows = {name: merged(parts, colours) for name, (parts, _) in rows.items()}
    totals = {name: sum(parts.values()) or 1.0 for name, parts in merged_rows.items()}
    for component, colour in colours.items():
        values = [parts.get(component, 0.0) for parts in merged_rows.values()]
        shares = [value / totals[name] for name, value in zip(rows, values)]
        shown = [
            f"{percent(share, 3)}, {si(value, unit)}" for share, value, (_, unit) in zip(shares, values, rows.values())
        ]
        if any(values):
            figure.add_trace(bars(rows, shares, component, colour, shown))
    return bar_layout(figure, "share of the whole", tickformat=".0%", range=[0, 1])
