# SPDX-License-Identifier: Apache-2.0
"""Resolutions of the conversions, and what was clipped."""
import plotly.graph_objects as go

from results.sections import COLOURS, Chart, Section, bar_layout, bars, row_height, section
from results.units import percent, si

_TEXT = "A conversion is clipped when the code before clipping lies beyond the ADC's largest one."


@section("conversions", 50)
def conversions(run):
    total = run.summary.get("adc_conversions") or 0
    if not total:
        return None
    clipped = run.summary["adc_clipped"]
    histogram = run.summary.get("adc_bits_histogram") or {}
    charts = []
    if histogram:
        charts.append(
            Chart("Conversions by resolution", _histogram(histogram), max(210, row_height(len(histogram))), wide=False)
        )
    note = "" if clipped else "No conversion was clipped."
    layers = run.layers[run.layers["adc_conversions"] > 0]
    charts.append(Chart("Conversions by layer", _by_layer(layers), row_height(len(layers)), note, wide=False))
    if clipped:
        charts.append(Chart("Clipped share by layer", _clipped(layers), row_height(len(layers)), wide=False))
    head = f"{si(total)} conversions, {percent(clipped / total, 3)} clipped. "
    return Section("conversions", "Conversions", head + _TEXT, tuple(charts))


def _histogram(histogram):
    bits = sorted(histogram, key=int)
    figure = go.Figure(
        bars(
            [f"{entry} bits" for entry in bits],
            [histogram[entry] for entry in bits],
            "conversions",
            COLOURS[0],
            [f"{histogram[entry]:,}" for entry in bits],
        )
    )
    return bar_layout(figure, "conversions")


def _by_layer(layers):
    shown = [f"{value:,.0f}" for value in layers["adc_conversions"]]
    return bar_layout(
        go.Figure(bars(layers["layer"], layers["adc_conversions"], "conversions", COLOURS[4], shown)), "conversions"
    )


def _clipped(layers):
    shares = layers["adc_clipped"] / layers["adc_conversions"]
    shown = [f"{percent(share, 3)} ({count:,.0f})" for share, count in zip(shares, layers["adc_clipped"])]
    figure = go.Figure(bars(layers["layer"], shares, "clipped", COLOURS[3], shown))
    return bar_layout(figure, "share of the layer's conversions", tickformat=".2~%")
