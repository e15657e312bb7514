# SPDX-License-Identifier: Apache-2.0
"""Every figure that may be null, as docs/reference/results.md says, is null in some run, and no other is; commands take all of them."""
import contextlib
import csv
import hashlib
import json
import re
import shutil

import numpy as np
import pytest
import yaml

import results.run
from results import run_facts
from results.cli import main
from results.plot import FIGURES, Inapplicable
from results.sections import sections_of

# What leaves a run without some of its figures.
CASES = {
    "all_figures": {},
    "values": {"run.function": "values"},
    "one_image": {"run.images": 1},
    "drawn_images": {"workload.inputs": "uniform"},
    "odd_rows": {"crossbar.rows": 48, "crossbar.columns": 48},
    "one_cell": {"crossbar.rows": 1, "crossbar.columns": 1, "chip.tiles": 1_000_000, "run.images": 1},
    "all_leakage": {"adc.leakage_share": 1},
    "clipped": {"adc.bits": 3},
}


@pytest.fixture(scope="session")
def sweep_of_nulls(squeezebar, repository, tmp_path_factory):
    """The folder of a sweep of CASES, of a network without weights and of a chip that costs nothing."""
    folder = tmp_path_factory.mktemp("nulls")
    config = repository / "configs" / "examples" / "digits_sme.yaml"
    cases = CASES | {"no_weights": {"workload.bundle": str(without_weights(repository, folder / "bundle"))}}
    done = squeezebar("run", config, "-q", "--set", "run.images=1", "-o", folder / "plain")
    assert done.returncode == 0, done.stderr
    cases["free"] = free_of_charge(yaml.safe_load((folder / "plain" / "resolved.yaml").read_text()))
    spec = {"version": 1, "base": str(config), "set": {"run.images": 3}, "axes": {"case": {name: keys or None for name, keys in cases.items()}}}
    (folder / "spec.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    done = squeezebar("sweep", folder / "spec.yaml", "-o", folder / "out", "--store", folder / "points", "--no-report")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def without_weights(repository, folder):
    """A bundle whose every weight is zero."""
    shutil.copytree(repository / "workloads" / "digits" / "p70", folder)
    text = (folder / "network.yaml").read_text()
    for path in folder.glob("*.weight.npy"):
        np.save(path, np.zeros_like(np.load(path)))
        text = re.sub(rf"(file: {path.name}, .*?sha256: )\w+", rf"\g<1>{hashlib.sha256(path.read_bytes()).hexdigest()}", text)
    text = re.sub(r"^expected:.*\n(?:[ -].*\n)*", "", text, flags=re.MULTILINE)
    (folder / "network.yaml").write_text(text)
    return folder


def free_of_charge(resolved):
    """Settings by which every energy, power and area of a config is zero."""
    found = {}
    for section, fields in resolved.items():
        for key, value in fields.items() if isinstance(fields, dict) else ():
            unit = value.rpartition(" ")[2] if isinstance(value, str) and key != "source" else ""
            if unit.endswith(("J", "W", "m2")):
                found[f"{section}.{key}"] = f"0 {unit}"
    return found


def runs_of(sweep):
    with open(sweep / "table.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["case"]: (sweep / row["run"], row) for row in rows}


def nulls(value, path=()):
    for key, entry in value.items():
        if isinstance(entry, dict):
            yield from nulls(entry, (*path, key))
        elif entry is None:
            yield (*path, key)


def documented(repository):
    """Keys of summary.json that may be null by the tables of the reference."""
    text = (repository / "docs" / "reference" / "results.md").read_text()
    summary = text[text.index("## summary.json"):text.index("## layers.csv")]
    found = set()
    for section in re.split(r"^###+ ", summary, flags=re.MULTILINE):
        # "`null` with `run.function: values`", of all rows but those that are named.
        whole = re.search(r"^`null` with `?run\.function: values`?(?:, but for (.*))?\.$", section, flags=re.MULTILINE)
        kept = re.findall(r"area|peak|ops", (whole.group(1) or "") + " ops") if whole else ()
        for cell, rest in re.findall(r"^\| (`.*?) \|(.*)$", section, flags=re.MULTILINE):
            keys = set(re.findall(r"`(\w+)`", cell))
            if "`null`" in rest:
                found |= keys
            elif whole:
                found |= {key for key in keys if key.partition("_")[0] not in kept}
    return found


def test_what_may_be_null_is_what_the_reference_says(repository, sweep_of_nulls):
    observed = {path for folder, _ in runs_of(sweep_of_nulls).values() for path in nulls(json.loads((folder / "summary.json").read_text()))}
    may = documented(repository)
    assert len(may) > 20
    assert {path for path in observed if not may & set(path)} == set(), "not in the reference"
    assert may - {key for path in observed for key in path} == set(), "in no run"


def test_what_cannot_be_divided_is_null_everywhere(sweep_of_nulls):
    """No energy, no power, no area: of the run and at the peak alike."""
    summary = json.loads((runs_of(sweep_of_nulls)["free"][0] / "summary.json").read_text())
    assert (summary["energy_j"], summary["power_w"], summary["area_mm2"], summary["peak"]["power_w"]) == (0, 0, 0, 0)
    assert summary["tops"] > 0 and summary["peak"]["tops"] > 0
    for figures in (summary, summary["peak"]):
        assert figures["tops_per_w"] is None and figures["tops_per_mm2"] is None


def test_cells_are_empty_exactly_where_figures_are_null(sweep_of_nulls):
    for folder, row in runs_of(sweep_of_nulls).values():
        flat = results.run.flat(json.loads((folder / "summary.json").read_text()))
        for name, value in flat.items():
            if name in row and not isinstance(value, str):
                assert (row[name] == "") == (value is None), name


def test_reports_of_runs_take_every_null(sweep_of_nulls, capsys):
    for name, (folder, _) in runs_of(sweep_of_nulls).items():
        assert main(["report", str(folder)]) == 0, (name, capsys.readouterr().err)
        run = results.load_run(folder)
        tables = [section.table for section in sections_of(run)]
        said = [run_facts.verdict(run), run_facts.cards(run), run_facts.notes(run), tables]
        page = (folder / "report.html").read_text()
        assert not re.search(r"\b(nan|None|inf)\b", f"{said}"), name
        assert not re.search(r">-?(nan|inf|null)\b", page), name
        for figure in map(FIGURES.get, FIGURES.names()):
            if figure.of == "run":
                with contextlib.suppress(Inapplicable):
                    figure.draw(run)


def test_the_report_of_the_sweep_takes_every_null(sweep_of_nulls, capsys):
    assert main(["report", str(sweep_of_nulls)]) == 0, capsys.readouterr().err
    assert len(results.load_sweep(sweep_of_nulls).done) == len(CASES) + 2


@pytest.mark.parametrize("baseline", ["all_figures", "free", "no_weights", "values"])
def test_comparisons_take_every_null(squeezebar, sweep_of_nulls, tmp_path, baseline):
    runs = runs_of(sweep_of_nulls)
    folders = [runs[baseline][0], *(folder for name, (folder, _) in runs.items() if name != baseline)]
    text = squeezebar("compare", *folders)
    assert text.returncode == 0 and not re.search(r"\b(nan|inf)\b", text.stdout), text.stderr
    told = squeezebar("compare", *folders, "--json")
    assert told.returncode == 0, told.stderr
    metrics = {row["metric"]: row["values"] for row in json.loads(told.stdout)["metrics"]}
    summaries = [json.loads((folder / "summary.json").read_text()) for folder in folders]
    for name in ("tops_per_w", "tops_per_mm2", "tops", "power_w", "accuracy_top1", "throughput_images_per_s"):
        assert metrics[name] == [summary[name] for summary in summaries]
    page = squeezebar("compare", *folders, "--html", tmp_path / "page.html")
    assert page.returncode == 0 and not re.search(r">-?(nan|inf|null)\b", (tmp_path / "page.html").read_text())
