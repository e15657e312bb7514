# SPDX-License-Identifier: Apache-2.0
"""What is taken from an earlier run gives what a whole run gives, and nothing is taken that could differ or is damaged.
test_reuse_of_every_key.py changes every key."""
import json

import pytest

from run_folders import flip, listed, relist

# Room for what some of the keys ask for.
ROOM = ("--set", "chip.tiles=40", "--set", "run.outputs=false")


def results(folder):
    return {name: (folder / name).read_bytes() for name in ("summary.json", "layers.csv", "energy.csv", "activity.json")}


def reused(folder):
    return json.loads((folder / "host.json").read_text())["reused"]


def run(squeezebar, *arguments):
    result = squeezebar("run", *arguments)
    assert result.returncode == 0, result.stderr


@pytest.fixture
def first(squeezebar, short, tmp_path):
    """A run of `short` that has kept its values."""
    run(squeezebar, short, *ROOM, "--keep-values", "1 MB", "-o", tmp_path / "first")
    return tmp_path / "first"


@pytest.mark.parametrize("name, settings", [
    ("digits_sre", []),  # operation units: waves of uneven length
    ("digits_isaac", ["adc.bits=6"]),  # clipped conversions
    ("digits_sme", ["mapping.squeeze=all", "mapping.squeeze_degree=2", "chip.tiles=40"]),
])
def test_values_serve_every_mapping(squeezebar, repository, tmp_path, name, settings):
    base = (repository / "configs" / "examples" / f"{name}.yaml", *(f"--set={text}" for text in ["run.images=8", *settings]))
    run(squeezebar, *base, "--keep-values", "1 MB", "-o", tmp_path / "first")
    change = (*base, "--set", "chip.clock=700 MHz", "--set", "run.threads=2", "--set", "run.lookahead=3")
    run(squeezebar, *change, "-o", tmp_path / "whole")
    run(squeezebar, *change, "-o", tmp_path / "again", "--reuse", tmp_path / "first")
    assert results(tmp_path / "again") == results(tmp_path / "whole") and reused(tmp_path / "again") == "values"


@pytest.mark.parametrize("change, said", [
    ("adc.bits=3", "its hardware computes other values"),
    ("run.images=7", "its hardware computes other values"),
    ("run.outputs=true", "outputs are asked for"),
])
def test_what_could_differ_is_not_reused(squeezebar, short, tmp_path, first, change, said):
    arguments = ("run", short, *ROOM, "--set", change, "-o", tmp_path / "second", "--reuse", first)
    result = squeezebar(*arguments)
    assert result.returncode == 2 and said in result.stderr
    assert not (tmp_path / "second").exists()
    run(squeezebar, *arguments[1:], "--or-simulate")
    assert reused(tmp_path / "second") == "nothing"


def test_a_run_without_values_serves_prices_alone(squeezebar, short, tmp_path):
    run(squeezebar, short, *ROOM, "-o", tmp_path / "first")
    for limit in ("", "1 KB"):
        if limit:
            run(squeezebar, short, *ROOM, "-o", tmp_path / "first", "--keep-values", limit)
        assert not (tmp_path / "first" / "values.bin").exists()
        result = squeezebar("run", short, *ROOM, "--set", "chip.clock=2 GHz", "-o", tmp_path / "second", "--reuse", tmp_path / "first")
        assert result.returncode == 2 and "its hardware has other times, and it has kept no values" in result.stderr


def test_a_trace_is_of_a_simulation(squeezebar, short, tmp_path, first):
    run(squeezebar, short, *ROOM, "--set", "trace.timeline=true", "-o", tmp_path / "traced", "--reuse", first)
    assert reused(tmp_path / "traced") == "values" and (tmp_path / "traced" / "trace.json").exists()
    assert results(tmp_path / "traced") == results(first)


@pytest.mark.parametrize("size", ["much", "-1 KB", "3"])
def test_a_size_is_a_size(squeezebar, short, tmp_path, size):
    result = squeezebar("run", short, f"--keep-values={size}", "-o", tmp_path / "first")
    assert result.returncode == 2 and "--keep-values" in result.stderr and not (tmp_path / "first").exists()


def test_a_damaged_activity_is_refused(squeezebar, short, tmp_path, first):
    activity = json.loads((first / "activity.json").read_text())
    activity["layers"].pop()
    (first / "activity.json").write_text(json.dumps(activity))
    relist(first)
    arguments = ("run", short, *ROOM, "-o", tmp_path / "second", "--reuse", first)
    result = squeezebar(*arguments)
    assert result.returncode == 2 and "cannot be reused (its layers are others)" in result.stderr
    run(squeezebar, *arguments[1:], "--or-simulate")
    assert reused(tmp_path / "second") == "nothing"


@pytest.mark.parametrize("settings, name", [((), "activity.json"), (("--set", "chip.clock=2 GHz"), "values.bin"), ((), "summary.json")])
def test_what_is_taken_is_what_the_run_wrote(squeezebar, short, tmp_path, first, settings, name):
    """A changed bit anywhere, also in a signal's power (bytes 40 to 47 of values.bin), which nothing else would tell."""
    assert name in listed(first)
    flip(first / name, 44)
    command = ("run", short, *ROOM, *settings, "-o", tmp_path / "second", "--reuse", first)
    result = squeezebar(*command)
    assert result.returncode == 2 and f"its {name} is not the file that was written" in result.stderr
    told = squeezebar(*command, "--or-simulate")
    assert told.returncode == 0 and f"its {name} is not the file that was written; all is simulated" in told.stderr
    assert json.loads((tmp_path / "second" / "host.json").read_text())["reused"] == "nothing"


def test_nothing_is_taken_from_another_program(squeezebar, short, tmp_path, first):
    summary = json.loads((first / "summary.json").read_text())
    (first / "summary.json").write_text(json.dumps(summary | {"program": "0" * 64}))
    relist(first)
    result = squeezebar("run", short, *ROOM, "-o", tmp_path / "second", "--reuse", first)
    assert result.returncode == 2 and "it was computed by another program" in result.stderr


def test_nothing_is_taken_from_a_run_without_its_list(squeezebar, short, tmp_path, first):
    (first / "files.json").unlink()
    result = squeezebar("run", short, *ROOM, "-o", tmp_path / "second", "--reuse", first)
    assert result.returncode == 2 and "it has no files.json" in result.stderr


@pytest.mark.parametrize("damage, said", [
    (lambda data: data[:-10], "is cut off"),
    (lambda data: data[:30], "is of something else"),
    (lambda data: b"", "is of something else"),
    (lambda data: b"x" + data[1:], "is of something else"),
    (lambda data: data + b"x", "is cut off"),
    (lambda data: data[:100] + bytes([data[100] ^ 0xFF]) + data[101:], "is damaged"),
    (lambda data: data[:64] + b"\xff" * 4 + data[68:], "is damaged"),
])
def test_damaged_values_are_refused(squeezebar, short, tmp_path, first, damage, said):
    whole = (first / "values.bin").read_bytes()
    (first / "values.bin").write_bytes(damage(whole))
    relist(first)
    result = squeezebar("run", short, *ROOM, "--set", "chip.clock=2 GHz", "-o", tmp_path / "second", "--reuse", first)
    assert result.returncode in (1, 2) and said in result.stderr
    assert not (tmp_path / "second").exists()


def test_a_sweep_over_prices_simulates_once(squeezebar, short, tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\nset: {{run.outputs: false}}\naxes:\n  adc.power: [1 mW, 2 mW, 3 mW, 4 mW]\n")
    result = squeezebar("sweep", spec, "-o", tmp_path / "out", "--no-report")
    assert result.returncode == 0 and "3 of them took values and time from another point" in result.stderr
    assert json.loads((tmp_path / "out" / "table.json").read_text())["reused"] == {"timing": 3, "values": 0, "nothing": 1}


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("limit", ["1 GB", "0 B"])
def test_a_sweep_over_times_computes_values_once(squeezebar, short, tmp_path, jobs, limit):
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\nset: {{run.outputs: false}}\naxes:\n"
                    "  chip.clock: [1 GHz, 2 GHz, 4 GHz]\n  adc.power: [1 mW, 2 mW]\n  adc.bits: [4, 5]\n")
    result = squeezebar("sweep", spec, "-o", tmp_path / "out", "-j", jobs, "--no-report", "--engine-set", f"values={limit}")
    assert result.returncode == 0, result.stderr
    assert json.loads((tmp_path / "out" / "table.json").read_text())["reused"] == {"timing": 6, "values": 4, "nothing": 2}
    parts = sorted(reused(host.parent) for host in (tmp_path / "points").rglob("host.json"))
    assert parts == ["nothing"] * 2 + ["timing"] * 6 + ["values"] * 4 if limit == "1 GB" else ["nothing"] * 6 + ["timing"] * 6
    assert not list((tmp_path / "points").rglob("values.bin")), "they are removed when nobody needs them any more"
    whole = squeezebar("sweep", spec, "-o", tmp_path / "fresh" / "out", "--no-report", "--engine-set", "values=0 B")
    assert whole.returncode == 0, whole.stderr
    assert (tmp_path / "out" / "table.csv").read_bytes() == (tmp_path / "fresh" / "out" / "table.csv").read_bytes()
