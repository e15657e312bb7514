# SPDX-License-Identifier: Apache-2.0
"""The length of a run, to which the times of its lanes sum, and its latency, which may be shorter."""
import csv
import json

import pytest

NETWORK = """format: squeezebar-bundle
version: 1
name: strided
input: {name: image, shape: [3, 8, 8], bits: 8, signed: false, scale: 1.0, zero_point: 0}
output: every_other
synthetic: {distribution: gaussian, scheme: uniform, seed: 1, inputs: uniform}
layers:
- name: conv
  op: conv2d
  inputs: [image]
  attributes: {stride: [1, 1], padding: [0, 0, 0, 0]}
  magnitude_bits: 7
  weight: {shape: [16, 3, 1, 1]}
  output: {bits: 8, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 255}
- name: every_other
  op: subsample
  inputs: [conv]
  attributes: {stride: [2, 2], channel_padding: [0, 0]}
  output: {bits: 8, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 255}
"""


@pytest.fixture
def strided(repository, tmp_path):
    """A network whose last layer does not read the last pixels of the one before."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "network.yaml").write_text(NETWORK)
    (bundle / "provenance.yaml").write_text("source: a test\n")
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\ninclude: [{repository}/configs/examples/digits_sme.yaml]\nworkload: {{bundle: {bundle}}}\n")
    return config


def check_sums(folder):
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["run_length_s"] == summary["run_cycles"] / summary["clock_hz"]
    with open(folder / "layers.csv", newline="") as table:
        layers = list(csv.DictReader(table))
    for layer in layers:
        lanes = int(layer["replicas"]) or 1
        assert sum(int(layer[key]) for key in layer if key.endswith("_cycles") and not key.startswith(("tile", "bit"))) \
            == lanes * summary["run_cycles"]
    return summary


@pytest.mark.parametrize("replicas", [1, 3])
def test_a_run_goes_on_after_its_last_output(squeezebar, strided, tmp_path, replicas):
    out = tmp_path / "out"
    options = ("--set", f"mapping.replicas={replicas}", "--set", "run.images=2", "-q")
    assert squeezebar("run", strided, *options, "-o", out).returncode == 0
    summary = check_sums(out)
    assert summary["run_cycles"] > summary["cycles"]
    assert "to the last event" in (out / "report.html").read_text()
    # Stored activity gives the same.
    again = squeezebar("run", strided, *options, "--reuse", out, "-o", tmp_path / "again")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / "summary.json").read_bytes() == (out / "summary.json").read_bytes()


def test_most_runs_end_with_the_last_output(squeezebar, short, tmp_path):
    assert squeezebar("run", short, "-q", "-o", tmp_path / "out").returncode == 0
    summary = check_sums(tmp_path / "out")
    assert summary["run_cycles"] == summary["cycles"]
    values = squeezebar("run", short, "--set", "run.function=values", "-q", "-o", tmp_path / "values")
    assert values.returncode == 0
    assert json.loads((tmp_path / "values" / "summary.json").read_text())["run_cycles"] is None
