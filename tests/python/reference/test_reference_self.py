# SPDX-License-Identifier: Apache-2.0
"""Identities that the NumPy reference keeps on many random networks; no simulator is needed."""
import copy
from collections import Counter

import numpy as np
import pytest
import yaml

import hardware as hw
import mapping as mp
import network as nw
import random_cases as rc

CASES = range(80)
SIGNS = [("differential", False), ("magnitude", False), ("offset", False), ("offset", True)]


def variant(case, **changes):
    """The case's hardware with other values, as a configuration."""
    config = copy.deepcopy(case.config)
    for key, value in changes.items():
        section, name = key.split("__")
        config[section][name] = value
    return hw.read_hardware(config)


@pytest.mark.parametrize("number", CASES)
def test_lossless_converters_give_the_integer_reference(number):
    case = rc.make_case(rc.SEED, number)
    wanted = nw.integer_reference(case.network, case.inputs)
    widest = max(layer.magnitude_bits for layer in case.network.layers)
    columns = max(case.config["crossbar"]["columns"], widest + 1)
    for scheme in ("conventional", "bit_sliced"):
        for signs, flip in SIGNS:
            hardware = variant(case, crossbar__columns=columns, adc__resolution="lossless", mapping__model=scheme,
                               mapping__signs=signs, mapping__flip_encoding=flip)
            result = nw.hardware_run(case.network, case.inputs, hardware)
            assert all(np.array_equal(result.values[name], wanted[name]) for name in wanted), (scheme, signs, flip)
            assert result.totals["adc_clipped"] == 0


@pytest.mark.parametrize("number", CASES)
def test_every_weight_digit_is_stored_once(number):
    case = rc.make_case(rc.SEED, number)
    hardware = hw.read_hardware(case.config)
    for layer in case.network.layers:
        if layer.op not in nw.CROSSBAR_OPS:
            continue
        weights = layer.matrix()
        stored = np.zeros_like(weights)
        for group in mp.map_layer(weights, layer.magnitude_bits, hardware).groups:
            for slot in group.slots:
                for array in slot:
                    assert array.levels.shape[0] <= hardware.rows and array.levels.shape[1] <= hardware.columns
                    levels = np.where(array.flipped, hardware.top_level - array.levels, array.levels)
                    stored[group.rows] += array.polarity * levels @ array.spread(weights.shape[1])
        offset = 2**layer.magnitude_bits if hardware.signs == "offset" else 0
        assert np.array_equal(stored - offset, weights)


@pytest.mark.parametrize("number", CASES)
def test_scan_and_charge_change_counts_only(number):
    case = rc.make_case(rc.SEED, number)
    runs = {scan: nw.hardware_run(case.network, case.inputs, variant(case, adc__scan=scan, dac__charge=charge))
            for scan, charge in (("all", "rows"), ("mapped", "ones"), ("occupied", "rows"))}
    output = case.network.output
    assert all(np.array_equal(runs["all"].values[output], result.values[output]) for result in runs.values())
    conversions = [runs[scan].totals["adc_conversions"] for scan in ("occupied", "mapped", "all")]
    assert conversions == sorted(conversions)
    assert len({result.totals["adc_clipped"] for result in runs.values()}) == 1
    assert runs["mapped"].totals["dac_drives"] <= runs["all"].totals["dac_drives"]
    full = nw.hardware_run(case.network, case.inputs, variant(case, adc__range="full"))
    assert full.totals["adc_clipped"] == 0


@pytest.mark.parametrize("number", [*range(0, 80, 4)])
def test_bundles_round_trip(number, tmp_path):
    case = rc.make_case(rc.SEED, number)
    config = rc.write_case(case, tmp_path / "case", tmp_path / "chip.yaml")
    text = yaml.safe_load(config.read_text())
    assert text["include"] == ["../chip.yaml"] and hw.read_hardware(text) == hw.read_hardware(case.config)
    network, inputs, labels, expected = nw.read_bundle(tmp_path / "case" / "bundle")
    assert np.array_equal(inputs, case.inputs) and np.array_equal(labels, case.labels)
    result = nw.integer_reference(network, inputs)[network.output]
    assert np.array_equal(result.reshape(len(inputs), -1), expected)
    run_again = nw.hardware_run(network, inputs, hw.read_hardware(text))
    assert run_again.totals == nw.hardware_run(case.network, case.inputs, hw.read_hardware(case.config)).totals


def test_damaged_bundles_are_refused(tmp_path):
    rc.write_case(rc.make_case(rc.SEED, 0), tmp_path / "case", tmp_path / "chip.yaml")
    path = tmp_path / "case" / "bundle" / "inputs.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="SHA-256"):
        nw.read_bundle(tmp_path / "case" / "bundle")


@pytest.mark.parametrize("make, seed", [(rc.make_case, rc.SEED), (rc.make_graph_case, rc.GRAPH_SEED)])
def test_cases_depend_on_their_number_alone(make, seed):
    first, again, other = make(seed, 5), make(seed, 5), make(seed, 6)
    assert first.describe() == again.describe() != other.describe()
    assert np.array_equal(first.inputs, again.inputs)
    assert all(np.array_equal(a.weight, b.weight) for a, b in zip(first.network.layers, again.network.layers)
               if a.weight is not None)


def test_the_random_cases_reach_every_corner():
    """What the fast suite against the simulator is meant to contain."""
    seen = Counter()
    for number in CASES:
        case = rc.make_case(rc.SEED, number)
        run_of_case = nw.hardware_run(case.network, case.inputs, hw.read_hardware(case.config))
        hardware = hw.read_hardware(case.config)
        layers = case.network.layers
        crossbar_layers = [layer for layer in layers if layer.op in nw.CROSSBAR_OPS]
        assert 1 <= len(crossbar_layers) <= 4
        seen.update({layer.op for layer in layers})
        seen.update({hardware.signs + " " + hardware.scheme, hardware.scan, hardware.charge, hardware.resolution})
        seen.update({f"{hardware.adc_range} {run_of_case.totals['adc_clipped'] > 0}", f"cell {hardware.cell_bits}"})
        seen.update({f"dac {hardware.dac_bits}", f"flip {hardware.flip}"})
        seen["signed inputs"] += any(case.network.codes(layer.inputs[0]).signed for layer in crossbar_layers)
        seen["tall"] += any(min(layer.matrix().shape[0], hardware.rows) > 128 for layer in crossbar_layers)
        seen["other accuracy"] += any(np.diff([nw.accuracy(values[case.network.output], case.labels) for values in (
            run_of_case.values, nw.integer_reference(case.network, case.inputs))]))
        seen["varied outputs"] += len(np.unique(run_of_case.values[case.network.output])) > 3
    wanted = [*nw.CROSSBAR_OPS, "relu", "max_pool", "average_pool", "subsample", "add", "requantise", "all", "mapped",
              "occupied", "rows", "ones", "fixed", "lossless", "clip True", "clip False", "full False", "cell 1", "cell 2",
              "cell 3", "cell 4", "dac 1", "dac 2", "dac 3", "flip True", "signed inputs", "tall", "other accuracy",
              *(f"{signs} {scheme}" for signs in ("differential", "offset", "magnitude")
                for scheme in ("conventional", "bit_sliced"))]
    assert not [name for name in wanted if seen[name] < 3], seen
    assert seen["varied outputs"] >= 40
