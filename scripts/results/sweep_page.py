# SPDX-License-Identifier: Apache-2.0
"""The interactive report of a sweep, as one HTML text. Its charts are drawn in the page, from one copy of the points."""
import dataclasses
import os

from results import choice, sweep_data
from results.pages import embedded, page
from results.palette import COLOURS
from results.run_facts import Card
from results.units import percent, si, unit_of, words

_SCRIPTS = ("sweep/data.js", "sweep/pareto.js", "sweep/charts.js", "sweep/panel.js", "sweep/table.js", "sweep/main.js")
_MOST_FAILED_ROWS = 50


def sweep_page(sweep, folder=None):
    """HTML of the report of `sweep` (Sweep), to be written into `folder` (default: the sweep's own): links to the
    runs are relative to it. The same sweep and folder give the same text."""
    columns, left_out = sweep_data.columns(_moved(sweep, folder))
    trends = _trends(sweep)
    failures = _failures(sweep)
    varying = choice.varying(sweep)
    shown = {
        "pareto": len([name for name in choice.objectives(sweep) if name in varying]) > 1,
        "sensitivity": bool(varying) and _varying_axes(sweep) != [],
    }
    return page(
        "sweep.html.j2",
        _SCRIPTS,
        styles=("sweep.css",),
        title=f"Sweep {sweep.about.get('spec', sweep.folder.name)}",
        version=str(sweep.about.get("tool_version", "")),
        links=_links(shown, trends, failures),
        verdict=_verdict(sweep),
        cards=_cards(sweep),
        notes=_notes(sweep),
        shown=shown,
        trends=trends,
        left_out=left_out,
        failures=failures,
        failure_columns=["point", *sweep.axes],
        reused=_reused(sweep),
        sweep=embedded(
            {
                "points": len(sweep.table),
                "done": len(sweep.done),
                "columns": columns,
                "colours": COLOURS,
                "objectives": [name for name in choice.objectives(sweep) if name in varying],
                "main": [name for name in choice.MAIN if name in sweep.table],
                "adcModels": [name for name in sweep.adc_models.values() if name not in left_out],
                "trends": [dataclasses.asdict(trend) for trend in trends],
                "leftOut": left_out,
            }
        ),
    )


def _moved(sweep, folder):
    """The sweep with the folders of its runs relative to `folder`."""
    if folder is None or os.path.abspath(folder) == os.path.abspath(sweep.folder):
        return sweep
    prefix = os.path.relpath(os.path.abspath(sweep.folder), os.path.abspath(folder))
    runs = [os.path.normpath(os.path.join(prefix, run)) if run else "" for run in sweep.table["run"]]
    return dataclasses.replace(sweep, table=sweep.table.assign(run=runs))


@dataclasses.dataclass(frozen=True)
class _Trend:
    id: str
    title: str
    text: str
    x: str
    y: str
    group: str
    spread: bool
    wide: bool


def _varying_axes(sweep):
    return [name for name in sweep.axes if sweep.table[name].nunique() > 1]


def _trends(sweep):
    """Accuracy against ADC bits, energy against sparsity, and energy with its spread over ADC models; where the sweep
    does not have them, the first axes and the first metrics that differ between points."""
    axes, metrics = _varying_axes(sweep), choice.varying(sweep)
    if not axes or not metrics:
        return []
    accuracy, energy = choice.accuracy(sweep), choice.energy(sweep)
    first_y = accuracy if accuracy in metrics else metrics[0]
    second_y = energy if energy in metrics else metrics[min(1, len(metrics) - 1)]
    first_x = "adc.bits" if "adc.bits" in axes else axes[0]
    second_x = "weight_sparsity" if "weight_sparsity" in metrics else next((name for name in axes if name != first_x), first_x)
    found = [_trend(sweep, "trend-1", first_x, first_y, ""), _trend(sweep, "trend-2", second_x, second_y, "")]
    if sweep.adc_models and energy in metrics and "energy_j" in metrics:
        names = ", ".join(sweep.adc_models)
        text = f"The band reaches from the lowest to the highest energy under the ADC cost models {names} and the run's own."
        found.append(
            dataclasses.replace(
                _trend(sweep, "spread", first_x, energy, text),
                spread=True,
                wide=True,
                group="",
                title="Energy and its spread over ADC cost models",
            )
        )
    return found


def _trend(sweep, name, x, y, text):
    few = [
        axis
        for axis in _varying_axes(sweep)
        if axis not in (x, "replicate") and sweep.table[axis].nunique() <= len(COLOURS)
    ]
    group = next((axis for axis in ("adc.bits", "workload") if axis in few), few[0] if few else "")
    return _Trend(name, f"{words(y)} against {_inside(words(x))}", text, x, y, group, False, False)


def _inside(label):
    """A label as it stands inside a sentence; abbreviations keep their capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _links(shown, trends, failures):
    links = [("filter-box", "Filters")] + ([("pareto", "Pareto front")] if shown["pareto"] else [])
    links += [("trends", "Trends")] if trends else []
    links += [("sensitivity", "Sensitivity"), ("parallel", "Parallel")] if shown["sensitivity"] else []
    return links + [("points", "Points")] + ([("failed", "Failed")] if failures else [])


def _verdict(sweep):
    axes = [
        f"{name} ({sweep.table[name].nunique():,} {'value' if sweep.table[name].nunique() == 1 else 'values'})"
        for name in sweep.axes
    ]
    base = f" around {sweep.about['base']}" if sweep.about.get("base") else ""
    return f"{len(sweep.table):,} points over {', '.join(axes) or 'no axis'}{base}."


def _cards(sweep):
    states = sweep.table["status"].value_counts()
    lines = tuple(f"{states[name]:,} {name}" for name in ("failed", "unfit", "missing") if name in states)
    cards = [Card("Points simulated", f"{len(sweep.done):,}", lines or ("none failed",))]
    for name, title in zip(
        (choice.accuracy(sweep), choice.energy(sweep), choice.latency(sweep)), ("Accuracy", "Energy", "Latency")
    ):
        if name:
            cards.append(_best(sweep, name, title))
    reused = sweep.about.get("reused") or {}
    names = {"values": "values", "timing": "values and time"}
    shared = {name: int(reused.get(key, 0)) for key, name in names.items()}
    if any(shared.values()):
        cards.append(
            Card(
                "Points that share results",
                f"{sum(shared.values()):,}",
                tuple(f"{count:,} {name}" for name, count in shared.items() if count),
            )
        )
    return cards


def _best(sweep, name, title):
    """The best value of a metric and the whole range."""
    values = sweep.done[name].dropna()

    def text(value):
        return percent(value) if name.startswith("accuracy") else si(float(value), unit_of(name, sweep.unit(name)))

    best, worst = (values.max(), values.min()) if choice.more_is_better(name) else (values.min(), values.max())
    word, way = ("highest", "down") if choice.more_is_better(name) else ("lowest", "up")
    others = f"others {way} to {text(worst)}" if text(best) != text(worst) else "others hardly differ"
    return Card(f"{title}, {word}", text(best), (words(name).lower(), others))


def _notes(sweep):
    found = []
    if sweep.adc_models:
        found.append(
            "Energies under other ADC cost models are the same run priced again; the models differ widely, so read bands, "
            "not lines."
        )
    extrapolated = sweep.done.get("adc_extrapolated")
    if extrapolated is not None and (extrapolated == "true").any():
        found.append(
            f"Extrapolated: the cost of the ADC of {int((extrapolated == 'true').sum()):,} points, at a resolution or rate for "
            "which its model was not made."
        )
    if "workload" in sweep.axes and sweep.table["workload"].nunique() > 1:
        found.append(
            "Points of different workloads are compared with each other; choose one in the filters where that makes no sense."
        )
    return found


def _reused(sweep):
    reused = sweep.about.get("reused") or {}
    if not reused:
        return ""
    return (
        f"{reused.get('nothing', 0):,} points have values of their own; {reused.get('values', 0):,} share them with another one and "
        f"differ from it in time, {reused.get('timing', 0):,} share time, too, and differ in prices alone."
    )


@dataclasses.dataclass(frozen=True)
class _Failure:
    reason: str
    count: int
    rows: list


def _failures(sweep):
    """Points that failed, are unfit or missing, by reason, the most frequent first."""
    table = sweep.table[sweep.table["status"] != "done"]
    reasons = table["reason"].where(table["reason"] != "", table["status"])
    counts = reasons.value_counts(sort=False)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        _Failure(reason, int(count), _rows(table[reasons == reason], ["point", *sweep.axes]))
        for reason, count in ordered
    ]


def _rows(table, names):
    return [
        [f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in table[names].head(_MOST_FAILED_ROWS).itertuples(index=False)
    ]
