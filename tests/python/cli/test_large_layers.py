# SPDX-License-Identifier: Apache-2.0
"""Layers of more features than 16 bits count."""
import json

import pytest

NETWORK = """format: squeezebar-bundle
version: 1
name: wide
input: {{name: image, shape: {shape}, bits: 8, signed: false, scale: 1.0, zero_point: 0}}
output: {output}
synthetic: {{distribution: gaussian, scheme: uniform, seed: 1, inputs: uniform}}
layers:
- name: first
  op: linear
  inputs: [image]
  magnitude_bits: 7
  weight: {{shape: {first}}}
  output: {{bits: 8, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 255}}
{rest}"""

SECOND = """- name: second
  op: linear
  inputs: [first]
  magnitude_bits: 7
  weight: {shape: [3, 70000]}
  output: {bits: 8, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 255}
"""


@pytest.mark.parametrize("shape, first, rest", [
    ("[28, 50, 50]", "[3, 70000]", ""),
    ("[70000, 1, 1]", "[3, 70000]", ""),
    ("[2, 1, 1]", "[70000, 2]", SECOND),
], ids=["inputs", "flat", "outputs"])
def test_more_than_65536(squeezebar, repository, tmp_path, shape, first, rest):
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    output = "second" if rest else "first"
    (bundle / "network.yaml").write_text(NETWORK.format(shape=shape, first=first, rest=rest, output=output))
    (bundle / "provenance.yaml").write_text("source: a test\n")
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\ninclude: [{repository}/configs/examples/digits_sme.yaml]\nworkload: {{bundle: {bundle}}}\n"
                      "adc: {resolution: lossless, model: linear}\nchip: {tiles: 4096}\n"
                      "buffer: {size: 4 MB, input_size: 2 MB, output_size: 1 MB}\n")
    result = squeezebar("run", config, "--set", "run.images=2", "-q", "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    # Lossless ADCs give the outputs of the integer reference.
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["sqnr_db"] is None
