# SPDX-License-Identifier: Apache-2.0
"""Pricing an earlier run anew gives what a whole run gives; nothing is reused that could differ."""
import json

import pytest

def files(folder):
    return {name: (folder / name).read_bytes() for name in ("summary.json", "layers.csv", "energy.csv", "activity.json")}


@pytest.mark.parametrize("change", ["adc.power=3 mW", "buffer.leakage=1 mW", "noc.energy_per_byte=5 pJ", "adc.area=1 mm2"])
def test_a_run_that_is_priced_anew_is_a_whole_run(squeezebar, short, tmp_path, change):
    options = (short, "--set", "run.outputs=false")
    assert squeezebar("run", *options, "-o", tmp_path / "first").returncode == 0
    whole = squeezebar("run", *options, "--set", change, "-o", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    priced = squeezebar("run", *options, "--set", change, "-o", tmp_path / "priced", "--reuse", tmp_path / "first")
    assert priced.returncode == 0, priced.stderr
    assert files(tmp_path / "priced") == files(tmp_path / "whole")
    assert files(tmp_path / "priced")["summary.json"] != files(tmp_path / "first")["summary.json"]


@pytest.mark.parametrize("change, said", [
    ("chip.clock=500 MHz", "its hardware has other times"),
    ("adc.bits=3", "its hardware computes other values"),
    ("run.outputs=true", "outputs are asked for"),
])
def test_what_could_differ_is_not_reused(squeezebar, short, tmp_path, change, said):
    assert squeezebar("run", short, "--set", "run.outputs=false", "-o", tmp_path / "first").returncode == 0
    result = squeezebar("run", short, "--set", "run.outputs=false", "--set", change, "-o", tmp_path / "second", "--reuse", tmp_path / "first")
    assert result.returncode == 2 and said in result.stderr
    assert not (tmp_path / "second").exists()


def test_a_damaged_activity_is_refused(squeezebar, short, tmp_path):
    assert squeezebar("run", short, "--set", "run.outputs=false", "-o", tmp_path / "first").returncode == 0
    activity = json.loads((tmp_path / "first" / "activity.json").read_text())
    activity["layers"].pop()
    (tmp_path / "first" / "activity.json").write_text(json.dumps(activity))
    result = squeezebar("run", short, "--set", "run.outputs=false", "-o", tmp_path / "second", "--reuse", tmp_path / "first")
    assert result.returncode == 2 and "cannot be reused (its layers are others)" in result.stderr


def test_a_sweep_over_prices_simulates_once(squeezebar, short, tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\nset: {{run.outputs: false}}\naxes:\n  adc.power: [1 mW, 2 mW, 3 mW, 4 mW]\n")
    result = squeezebar("sweep", spec, "-o", tmp_path / "out", "--no-report")
    assert result.returncode == 0 and "3 of them took values and time from another point" in result.stderr
    assert json.loads((tmp_path / "out" / "table.json").read_text())["reused"] == {"timing": 3, "nothing": 1}
