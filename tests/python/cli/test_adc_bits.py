# SPDX-License-Identifier: Apache-2.0
"""One key decides how many bits an ADC has, and with them values, time, energy and area."""
import json

import numpy as np
import pytest

SAR = ("--set", "adc.conversion_time=sar", "--set", "crossbar.read_time=20 ns")
EACH = ("--set", "adc.resolution=per_crossbar")


@pytest.fixture
def run(squeezebar, short, tmp_path):
    """Runs `short` with settings: its summary and its outputs."""
    count = iter(range(100))

    def one(*settings):
        folder = tmp_path / f"run{next(count)}"
        result = squeezebar("run", short, *settings, "-o", folder)
        assert result.returncode == 0, result.stderr
        return json.loads((folder / "summary.json").read_text()), np.load(next((folder / "outputs").iterdir()))

    return one


@pytest.mark.parametrize("form", [(), EACH])
def test_bits_drive_values_time_energy_and_area(run, form):
    few, few_outputs = run("--set", "adc.bits=2", *SAR, *form)
    many, many_outputs = run("--set", "adc.bits=6", *SAR, *form)
    assert (few_outputs != many_outputs).any() and few["adc_clipped"] > many["adc_clipped"]
    assert few["latency_s"] < many["latency_s"]
    assert few["energy_by_component_j"]["adc"] < many["energy_by_component_j"]["adc"]
    assert few["area_by_component_mm2"]["adc"] < many["area_by_component_mm2"]["adc"]


@pytest.mark.parametrize("scheme", ["bit_sliced", "conventional"])
@pytest.mark.parametrize("signs", ["differential", "magnitude", "offset"])
def test_a_resolution_for_each_crossbar_is_lossless(run, scheme, signs):
    hardware = ("--set", f"mapping.model={scheme}", "--set", f"mapping.signs={signs}", "--set", "chip.tiles=9")
    same, wanted = run("--set", "adc.resolution=lossless", *hardware)
    each, outputs = run("--set", "adc.bits=12", *EACH, *hardware)
    assert np.array_equal(outputs, wanted) and each["adc_clipped"] == 0
    assert each["adc_conversions"] == same["adc_conversions"]
    assert sum(each["adc_bits_histogram"].values()) == each["adc_conversions"]
    assert max(map(int, each["adc_bits_histogram"])) == max(map(int, same["adc_bits_histogram"]))
    assert each["energy_by_component_j"]["adc"] <= same["energy_by_component_j"]["adc"]


def test_the_accounting_of_dub_changes_costs_alone(run):
    exact, wanted = run("--set", "adc.bits=8", *EACH)
    dub, outputs = run("--set", "adc.bits=8", *EACH, "--set", "adc.accounting=dub")
    assert np.array_equal(outputs, wanted) and dub["latency_s"] == exact["latency_s"]
    assert dub["adc_conversions"] == exact["adc_conversions"]
    assert dub["energy_by_component_j"]["adc"] <= exact["energy_by_component_j"]["adc"]


def test_adcs_built_for_their_crossbars_are_smaller(run):
    turned_down, _ = run("--set", "adc.bits=8", *EACH)
    own, _ = run("--set", "adc.bits=8", *EACH, "--set", "adc.build=own")
    assert own["area_by_component_mm2"]["adc"] < turned_down["area_by_component_mm2"]["adc"]
    assert own["energy_by_component_j"] == turned_down["energy_by_component_j"]


def test_one_bit_is_a_sense_amplifier(run):
    amplifier, _ = run("--set", "adc.bits=1")
    model, _ = run("--set", "adc.bits=1", "--set", "adc.one_bit=model")
    conversions = amplifier["adc_conversions"]
    assert amplifier["energy_by_component_j"]["adc"] == pytest.approx(conversions * 1.63e-15, rel=1e-12)
    assert model["energy_by_component_j"]["adc"] > amplifier["energy_by_component_j"]["adc"]


@pytest.mark.parametrize("model", ["linear", "exponential", "isaac", "survey"])
def test_energy_never_falls_when_bits_rise(run, model):
    energies = [run("--set", f"adc.bits={bits}", "--set", f"adc.model={model}", "--set", "run.images=1")[0]["energy_by_component_j"]["adc"]
                for bits in range(1, 13)]
    assert energies == sorted(energies)
