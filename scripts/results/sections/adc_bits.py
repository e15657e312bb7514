# SPDX-License-Identifier: Apache-2.0
"""The ADC bits that crossbars need, and what ADCs of their own would save."""
import plotly.graph_objects as go

from results.sections import COLOURS, Chart, Section, bar_layout, bars, row_height, section
from results.units import si

_ACCOUNTINGS = (("exact", "exact"), ("dub", "as D.U.B. counts"))
_TEXT = (
    "What each crossbar's fullest column can add up to decides the bits that its ADC needs. D.U.B. counts a bit less where a "
    "column is as full as a power of two, and none where it holds a single one. The saving is the ADC energy of full "
    "crossbars over that of these, whatever resolution the run was configured with; it depends on the cost model."
)


@section("adc_bits", 55)
def adc_bits(run):
    saving = run.summary.get("adc_saving")
    if not saving or not any(saving["crossbars_by_bits"].values()):
        return None
    return Section("adc-bits", "ADC bits", _TEXT, tuple(_charts(saving)), _table(saving), "Savings by model")


def _charts(saving):
    counts = saving["crossbars_by_bits"]
    needed = sorted({int(bits) for histogram in counts.values() for bits in histogram})
    full = saving["full_bits"]
    note = f"A full crossbar needs {full['exact']} bits, as D.U.B. counts {full['dub']}."
    if saving["crossbars_not_allocated"]:
        note += f" {saving['crossbars_not_allocated']:,} crossbars hold nothing and are left out."
    histogram = [(label, {int(bits): n for bits, n in counts[key].items()}) for key, label in _ACCOUNTINGS]
    rows = [(label, [of.get(bits, 0) for bits in needed]) for label, of in histogram]
    yield Chart("Crossbars by ADC bits", _grouped([f"{b} bits" for b in needed], rows, "crossbars", ","), _height(needed), note, wide=False)

    weighted = saving.get("weighted") or {}
    # A saving is not known where nothing is left to be paid.
    models = sorted({model for by_model in weighted.values() for model, factor in by_model.items() if factor is not None})
    if models:
        rows = [(label, [weighted[key].get(model) for model in models]) for key, label in _ACCOUNTINGS]
        note = f"Weighted by the run's conversions. Extrapolated: {', '.join(saving['extrapolated']) or 'none'}."
        figure = _grouped(models, rows, "times less ADC energy", ".3f")
        yield Chart("Saving by ADC cost model", figure, _height(models), note, wide=False)


def _grouped(names, rows, title, form):
    """Bars side by side, one for each accounting."""
    traces = [
        bars(names, values, label, COLOURS[i], ["–" if value is None else format(value, form) for value in values])
        for i, (label, values) in enumerate(rows)
    ]
    return bar_layout(go.Figure(traces), title).update_layout(barmode="group")


def _height(names):
    return row_height(2 * len(names))


def _table(saving):
    """Savings by crossbars and by conversions, a row for each model; models without a price say why."""
    header = ("ADC cost model", "each crossbar once", "as D.U.B. counts", "by conversions", "as D.U.B. counts")
    columns = [(part, key) for part in ("unweighted", "weighted") for key, _ in _ACCOUNTINGS]
    values = [(saving.get(part) or {}).get(key, {}) for part, key in columns]
    models = sorted({model for column in values for model in column})
    rows = [(model, *(si(column[model], "x") if model in column else "" for column in values)) for model in models]
    bits = saving["unweighted_bits"]
    linear = ("in proportion to bits alone", *(si(bits[key], "x") for key, _ in _ACCOUNTINGS), "", "")
    absent = [(model, reason, "", "", "") for model, reason in saving.get("absent", {}).items()]
    return header, [linear, *rows, *absent]
