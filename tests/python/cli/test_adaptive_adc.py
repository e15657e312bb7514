# SPDX-License-Identifier: Apache-2.0
"""Conversions charged by input cycle and weight slice (Newton, arXiv 1803.06913)."""
import json
import shutil

import pytest
import yaml

NETWORK = """format: squeezebar-bundle
version: 1
name: wide
input: {{name: image, shape: [64, 1, 1], bits: {inputs}, signed: false, scale: 1.0, zero_point: 0}}
output: fc
synthetic: {{distribution: gaussian, scheme: uniform, seed: 1, inputs: uniform}}
layers:
- name: fc
  op: linear
  inputs: [image]
  magnitude_bits: {weights}
  weight: {{shape: [16, 64]}}
  output: {{bits: 16, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 65535}}
"""
CONFIG = """version: 1
include: [{configs}/chip/isaac.yaml{more}]
workload: {{bundle: bundle}}
run: {{images: 2}}
chip: {{tiles: 1}}
chip_link: {{count: 0}}
mapping: {{model: conventional, signs: differential, flip_encoding: false}}
adc: {{model: linear, bits: 9, reference_bits: 9, power: 3.1 mW, cost_rate: 1.2 GHz, area: 1500 um2}}
"""


@pytest.fixture
def wide(repository, tmp_path):
    """Writes a config of a layer of 16-bit inputs and weights in 2-bit cells, with more includes."""
    def write(more="", inputs=16, weights=15):
        (tmp_path / "bundle").mkdir(exist_ok=True)
        shutil.copy(repository / "workloads/shapes/resnet18_cifar/provenance.yaml", tmp_path / "bundle")
        (tmp_path / "bundle" / "network.yaml").write_text(NETWORK.format(inputs=inputs, weights=weights))
        path = tmp_path / "wide.yaml"
        path.write_text(CONFIG.format(configs=repository / "configs", more=more and f", {repository}/configs/circuit/{more}"))
        return path

    return write


@pytest.fixture
def run(squeezebar, tmp_path):
    def one(config, name, *settings):
        result = squeezebar("run", config, *settings, "-o", tmp_path / name)
        assert result.returncode == 0, result.stderr
        return json.loads((tmp_path / name / "summary.json").read_text())

    return one


def adc(summary):
    return summary["energy_by_component_j"]["adc"]


@pytest.mark.parametrize("function", ["exact", "values"])
def test_newtons_table_costs_832_of_1152(wide, run, repository, function):
    settings = ("--set", f"run.function={function}")
    full = run(wide(), "full", *settings)
    adaptive = run(wide("newton_adaptive.yaml"), "adaptive", *settings)
    if function == "exact":
        assert adc(adaptive) / adc(full) == pytest.approx(832 / 1152, rel=1e-12)
        assert adaptive["latency_s"] == full["latency_s"]
    assert adaptive["adc_conversions"] == full["adc_conversions"]
    table = yaml.safe_load((repository / "configs/circuit/newton_adaptive.yaml").read_text())["adaptive_adc"]["bits"]
    share = full["adc_conversions"] // len(table)
    wanted = {str(bits): table.count(bits) * share for bits in sorted(set(table))}
    assert adaptive["adc_bits_histogram"] == wanted and wanted["0"] > 0
    assert any("values and times are those of full conversions" in note for note in adaptive["notes"])


def test_other_columns_have_full_bits(wide, run):
    """Unit columns, and columns that hold no digit."""
    settings = ("--set", "mapping.signs=offset", "--set", "adc.scan=all")
    full = run(wide(), "full", *settings)
    adaptive = run(wide("newton_adaptive.yaml"), "adaptive", *settings)
    assert adc(adaptive) / adc(full) == pytest.approx((16 * 832 + 16 * 9) / (16 * 1152 + 16 * 9), rel=1e-12)
    narrow = run(wide("newton_adaptive.yaml"), "narrow", "--set", "crossbar.columns=68")
    wanted = run(wide(), "narrow_full", "--set", "crossbar.columns=68")
    assert adc(narrow) / adc(wanted) == pytest.approx((8 * 832 + 4 * 16 * 9) / (8 * 1152 + 4 * 16 * 9), rel=1e-12)


def test_any_size_of_table(wide, run):
    """Two input cycles of 2-bit DACs, three slices."""
    settings = ("--set", "dac.bits=2")
    full = run(wide(inputs=4, weights=6), "full", *settings)
    adaptive = run(wide(inputs=4, weights=6), "adaptive", *settings, "--set", "adc.accounting=adaptive", "--set",
                   "adc.one_bit=model", "--set", "adaptive_adc.slices=3", "--set", "adaptive_adc.bits=[0, 1, 5, 2, 12, 9]",
                   "--set", "adc.scan=mapped")
    scanned = run(wide(inputs=4, weights=6), "scanned", *settings, "--set", "adc.scan=mapped")
    assert adc(adaptive) / adc(scanned) == pytest.approx((0 + 1 + 5 + 2 + 9 + 9) / 54, rel=1e-12)
    assert adc(scanned) < adc(full)


@pytest.mark.parametrize("settings, said", [
    (["adaptive_adc.slices=4"], "has 32 input cycles of 4 slices, but layer 'fc' has 16"),
    (["cell.bits=1"], "(15-bit weights, 1-bit cells)"),
    (["row_pipeline.input_zero_skip=true"], "row_pipeline.input_zero_skip"),
    (["mapping.model=bit_sliced"], "mapping.model"),
    (["adc.scan=occupied"], "adc.scan"),
    (["adaptive_adc.bits=[]"], "needs a table of bits"),
    (["adaptive_adc.bits=[1, 2, 3]"], "as many numbers in each row"),
])
def test_what_does_not_fit_is_refused(squeezebar, wide, settings, said):
    sets = [word for text in settings for word in ("--set", text)]
    result = squeezebar("check", wide("newton_adaptive.yaml"), *sets)
    assert result.returncode == 2 and said in result.stderr
