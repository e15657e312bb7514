# SPDX-License-Identifier: Apache-2.0
"""Searches: the same seed gives the same points, no point is computed twice, and the result is a sweep."""
import csv
import importlib
import json
import shutil
import signal
import subprocess
import time

import pytest


@pytest.fixture
def spec(repository, tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(f"""\
version: 1
base: {repository}/configs/examples/digits_sme.yaml
set: {{run.images: 4}}
search:
  trials: 12
  population: 4
  objectives: {{accuracy_top1: maximize, energy_per_image_j: minimize}}
  axes:
    adc.bits: {{from: 2, to: 6}}
    chip.clock: {{from: 0.5 GHz, to: 1 GHz}}
    weights: {{p50: {{workload.bundle: {repository}/workloads/digits/p50}}, p90: {{workload.bundle: {repository}/workloads/digits/p90}}}}
""")
    return path


def search(squeezebar, *arguments, code=0):
    result = squeezebar("search", *arguments)
    assert result.returncode == code, result.stderr
    return result


def rows(folder):
    with open(folder / "table.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_result_is_a_sweep_of_all_points(squeezebar, spec, tmp_path):
    result = search(squeezebar, spec, "-o", tmp_path / "out")
    assert "12 of 12 trials" in result.stderr
    table = rows(tmp_path / "out")
    assert 4 <= len(table) <= 12 and {row["status"] for row in table} == {"done"}
    for row in table:
        assert 2 <= int(row["adc.bits"]) <= 6 and row["workload.bundle"] in ("p50", "p90")
        assert row["chip.clock"].endswith("Hz") and row["images"] == "4"
    assert len(list((tmp_path / "points").glob("*/*/summary.json"))) == len({row["id"] for row in table})


def test_the_same_seed_gives_the_same_table(squeezebar, spec, tmp_path):
    for name in ("one", "two"):
        search(squeezebar, spec, "-o", tmp_path / name / "out", "--sweep-option=-j1")
    assert (tmp_path / "one" / "out" / "table.csv").read_bytes() == (tmp_path / "two" / "out" / "table.csv").read_bytes()


def test_a_second_call_computes_nothing(squeezebar, spec, tmp_path):
    search(squeezebar, spec, "-o", tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "points").glob("*/*/summary.json")}
    search(squeezebar, spec, "-o", tmp_path / "out")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "points").glob("*/*/summary.json")} == before


@pytest.mark.parametrize("old, new, said", [
    ("maximize", "largest", "search.objectives.accuracy_top1: must be one of maximize, minimize"),
    ("trials: 12", "trials: 0", "search.trials: must be a whole number from 1 on"),
    ("trials: 12", "trails: 12", "unknown key 'trails'"),
    ("to: 6", "to: 1", "search.axes.adc.bits: from must be less than to"),
    ("to: 1 GHz", "to: 1000 ns", "search.axes.chip.clock: from is in 'GHz' and to is in 'ns'; give both in units of one quantity"),
    ("to: 1 GHz", "to: 1", "search.axes.chip.clock: from is in 'GHz' and to has no unit"),
    ("to: 1 GHz", "to: fast", "search.axes.chip.clock: to must be a number, with a unit if the key has one, not 'fast'"),
    ("to: 1 GHz", "to: 400 MHz", "search.axes.chip.clock: from must be less than to"),
    ("version: 1", "version: 7", "version: must be 1"),
    ("accuracy_top1: maximize", "acuracy: maximize", "no figure acuracy in the results"),
    ("accuracy_top1: maximize", "enrgy_j: maximize", "no figure enrgy_j in the results; did you mean 'energy_j'?"),
    ("accuracy_top1: maximize", "workload: maximize", "no figure workload in the results"),
])
def test_what_is_wrong_with_a_spec_is_told(squeezebar, spec, tmp_path, old, new, said):
    assert old in spec.read_text()
    spec.write_text(spec.read_text().replace(old, new))
    assert said in search(squeezebar, spec, "-o", tmp_path / "out", code=2).stderr
    assert not (tmp_path / "out").exists() and not (tmp_path / "points").exists(), "it ran something"


@pytest.fixture
def bounds(repository, squeezebar_binary, monkeypatch):
    """The bounds and the unit of a range, as the search reads them."""
    monkeypatch.syspath_prepend(repository / "scripts")
    spec_module = importlib.import_module("search.spec")

    def read(tmp_path, low, high):
        file = tmp_path / "range.yaml"
        file.write_text("version: 1\nbase: b.yaml\nsearch:\n  objectives: {energy_j: minimize}\n"
                        f"  axes: {{a.x: {{from: {low}, to: {high}}}}}\n")
        found = spec_module.read_spec(file, str(squeezebar_binary)).axes[0].range
        return found.low, found.high, found.unit

    return read


@pytest.mark.parametrize("low, high, expected", [
    ("500 MHz", "2 GHz", (500, 2000, "MHz")),
    ("0.5 GHz", "700 MHz", (500, 700, "MHz")),
    ("0.5 GHz", "1 GHz", (0.5, 1, "GHz")),
    ("512 B", "1 KB", (512, 1024, "B")),
    ("0", "2 ns", (0, 2, "ns")),
    ("-2 ns", "0", (-2, 0, "ns")),
    ("1", "8", (1, 8, "")),
])
def test_a_range_takes_units_of_one_quantity(bounds, tmp_path, low, high, expected):
    assert bounds(tmp_path, low, high) == expected


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_search_that_is_interrupted_ends_its_processes_and_goes_on(squeezebar, squeezebar_binary, spec, tmp_path, how):
    search(squeezebar, spec, "-o", tmp_path / "calm" / "out")
    process = subprocess.Popen([squeezebar_binary, "search", spec, "-o", tmp_path / "out"], stderr=subprocess.DEVNULL, cwd=tmp_path)
    deadline = time.monotonic() + 50
    while not list((tmp_path / "points").glob("*/*/summary.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    assert process.wait(20) == 130
    still = subprocess.run(["pgrep", "--full", str(tmp_path / "out")], capture_output=True, text=True, check=False).stdout
    assert still == ""
    search(squeezebar, spec, "-o", tmp_path / "out")
    assert (tmp_path / "out" / "table.csv").read_bytes() == (tmp_path / "calm" / "out" / "table.csv").read_bytes()


def test_keys_that_are_paths_mean_what_they_mean_beside_the_spec(squeezebar, repository, spec, tmp_path):
    shutil.copytree(repository / "workloads" / "digits" / "p50", tmp_path / "nets" / "p50")
    text = spec.read_text()
    text = text.replace("set: {run.images: 4}", "set: {run.images: 4, workload.bundle: nets/p50}").replace("trials: 12", "trials: 4")
    spec.write_text("".join(line + "\n" for line in text.splitlines() if "weights:" not in line))
    search(squeezebar, spec, "-o", tmp_path / "deep" / "out")
    assert {row["workload"] for row in rows(tmp_path / "deep" / "out")} == {"digits-p50"}


def test_a_key_that_the_config_rejects_is_told_by_the_sweep(squeezebar, spec, tmp_path):
    spec.write_text(spec.read_text().replace("adc.bits", "adc.bitz"))
    assert "did you mean 'bits'" in search(squeezebar, spec, "-o", tmp_path / "out", code=2).stderr


def test_status_of_a_search_is_that_of_its_sweep(squeezebar, spec, tmp_path):
    search(squeezebar, spec, "-o", tmp_path / "out")
    status = json.loads(squeezebar("sweep", "status", tmp_path / "out", "--json").stdout)
    assert status["missing"] == 0 and status["done"] == status["points"]


def test_bounds_are_in_any_unit_that_the_program_reads(squeezebar_binary):
    spec, program = importlib.import_module("search.spec"), str(squeezebar_binary)
    for low, high, expected in (
        ("500 µs", "2 ms", (500, 2000, "µs")),
        ("500 \u03bcs", "700 us", (500, 700, "\u03bcs")),
        ("1 KiB", "2 MB", (1, 2048, "KiB")),
        ("1 KB/s", "1 MiB/s", (1, 1048.576, "KB/s")),
        ("1 KiB/s", "1 MB/s", (1, 976.5625, "KiB/s")),
        ("500 aJ", "1 kJ", (500, 1e21, "aJ")),
        ("500 pW", "1 kW", (500, 1e15, "pW")),
    ):
        found = spec._range("axis", {"from": low, "to": high}, program)
        assert (found.low, found.high, found.unit) == expected


def test_trials_that_do_not_fit_are_no_candidates_and_the_search_goes_on(squeezebar, spec, tmp_path):
    spec.write_text(spec.read_text().replace("adc.bits: {from: 2, to: 6}", "chip.tiles: [1, 64]"))
    for name in ("one", "two"):
        result = search(squeezebar, spec, "-o", tmp_path / name / "out")
    table = rows(tmp_path / "one" / "out")
    unfit = [row for row in table if row["status"] == "unfit"]
    assert unfit and {row["status"] for row in table} == {"done", "unfit"}
    assert "12 of 12 trials" in result.stderr and f"{len(unfit)} of {len(table)} points are unfit" in result.stderr
    assert (tmp_path / "one" / "out" / "table.csv").read_bytes() == (tmp_path / "two" / "out" / "table.csv").read_bytes()


def test_a_search_without_a_point_that_fits_is_refused(squeezebar, spec, tmp_path):
    spec.write_text(spec.read_text().replace("adc.bits: {from: 2, to: 6}", "chip.tiles: [1]"))
    assert "every point is unfit" in search(squeezebar, spec, "-o", tmp_path / "out", code=2).stderr


def test_a_sweep_has_no_aliases(tmp_path):
    run = importlib.import_module("search.run")
    twice = ["a", "b"]
    assert "&" not in run.yaml.dump({"zip": [twice], "set": {"x": twice}}, Dumper=run._Dumper)
