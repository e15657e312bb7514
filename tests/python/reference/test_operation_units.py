# SPDX-License-Identifier: Apache-2.0
"""Operation units: the NumPy reference by hand, and the simulator against it on random networks, exactly."""
import csv
import json
from collections import Counter

import numpy as np
import pytest

import calibration as cal
import network as nw
import operation_units as ou
import random_cases as rc
from random_networks import Builder

SEED, FAST, SLOW = 23, 48, 200
FIRST_RESOLUTION = 1000  # random cases from this number on
FAST_CALIBRATIONS, SLOW_CALIBRATIONS = 16, 40
MOST_CROSSBARS = 1000
COUNTS = ("waves", "row_groups", "crossbars", "bit_cycles", "bit_cycles_skipped", "adc_conversions", "adc_clipped",
          "crossbar_reads", "dac_drives", "busy_cycles")


def make_config(rows=4, columns=4, cell=1, dac=1, ou_rows=2, ou_columns=2, adc=8, signs="differential", scan="all"):
    return {"crossbar": {"rows": rows, "columns": columns, "read_time": "1 ns"}, "cell": {"bits": cell},
            "dac": {"bits": dac},
            "adc": {"bits": adc, "resolution": "fixed", "range": "clip", "scan": scan, "per_crossbar": 1,
                    "accounting": "exact"},
            "sample_hold": {"overlap": True},
            "mapping": {"model": "operation_units", "signs": signs, "ou_rows": ou_rows, "ou_columns": ou_columns}}


WEIGHTS = np.array([[1, 0], [0, 0], [3, 2], [0, 1], [2, 0], [1, -1]])


def test_units_and_slots_of_a_small_layer():
    """Positive rows {0, 2, 4, 5} and {2, 3}, negative {5}: the scenario that the simulator runs to the cycle."""
    config = make_config()
    blocks = ou.map_layer(WEIGHTS, 2, config)
    assert [[part.rows.tolist() for part in slot.parts] for slot in ou.all_slots(blocks)] == [[[0, 2, 4, 5], [2, 3]], [[5]]]
    x = np.array([[1, 3, 3, 2, 1, 1], [0, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0]])
    total, counts = ou.run_layer(blocks, 2, x, 2, False, config, 8)
    assert (total // 256).tolist() == (x @ WEIGHTS).tolist()
    assert counts["busy_cycles"] == 4 * (3 + 2 + 2)
    assert (counts["bit_cycles"], counts["bit_cycles_skipped"]) == (3, 3)
    assert (counts["crossbar_reads"], counts["adc_conversions"], counts["dac_drives"]) == (8, 16, 11)


def test_each_unit_is_clipped_by_itself():
    """Four rows of weight 1 in units of three: 3 + 1 read as 1 + 1 by a converter of one bit, not 1 for all four."""
    config = make_config(ou_rows=3, adc=1)
    total, counts = ou.run_layer(ou.map_layer(np.ones((4, 1), dtype=np.int64), 1, config), 1, np.ones((1, 4), np.int64),
                                 1, False, config, 1)
    assert (total.tolist(), counts["adc_clipped"]) == ([[2 * 256]], 1)


@pytest.mark.parametrize("signs, crossbars", [("differential", 2), ("magnitude", 2)])
def test_polarities_share_word_lines_only_where_they_count_as_one(signs, crossbars):
    config = make_config(rows=2, columns=1, signs=signs)
    slots = ou.all_slots(ou.map_layer(np.array([[1], [-1], [0], [1]]), 1, config))
    lists = [[part.rows.tolist() for part in slot.parts] for slot in slots]
    assert len(slots) == crossbars
    assert lists == ([[[0, 3]], [[1]]] if signs == "differential" else [[[0, 1]], [[3]]])


def random_config(random):
    rows = rc.pick(random, 4, 7, 16, 32, 64, 128)
    return {
        "chip": {"clock": "1 GHz"},
        "crossbar": {"rows": rows, "columns": 0, "read_time": f"{rc.pick(random, 1, 5, 30)} ns"},
        "cell": {"bits": rc.pick(random, 1, 1, 2, 3, 4)},
        "dac": {"bits": rc.pick(random, 1, 1, 1, 2, 3), "charge": rc.pick(random, "rows", "ones")},
        "sample_hold": {"overlap": bool(random.random() < 0.5)},
        "adc": {"bits": int(random.integers(1, 9)), "resolution": rc.pick(random, "fixed", "fixed", "lossless"),
                "range": rc.pick(random, "clip", "clip", "full"), "scan": rc.pick(random, "all", "mapped", "occupied"),
                "rate": "0.5 GHz", "per_crossbar": rc.pick(random, 1, 1, 2, 3)},
        "mapping": {"model": "operation_units", "signs": rc.pick(random, "differential", "magnitude"),
                    "flip_encoding": False, "ou_rows": min(rows, rc.pick(random, 1, 2, 4, 9, 16, 16, 32))},
    }


def make_case(number):
    """From FIRST_RESOLUTION on with a resolution for each row group."""
    random = rc.generator(SEED, number)
    config = random_config(random)
    if number >= FIRST_RESOLUTION:
        config["adc"] |= {"resolution": "per_crossbar", "accounting": rc.pick(random, "exact", "dub")}
    builder = Builder(random, images=int(random.integers(1, 4)), signed=config["dac"]["bits"] == 1,
                      block_rows=config["crossbar"]["rows"])
    network = builder.small_network(f"units-{SEED}-{number}")
    layers = [layer for layer in network.layers if layer.op in nw.CROSSBAR_OPS]
    cells = max(ou.ceil_div(layer.magnitude_bits, config["cell"]["bits"]) for layer in layers)
    config["crossbar"]["columns"] = max(3, cells + int(random.integers(cells)), rc.pick(random, 8, 16, 37, 64, 128))
    config["mapping"]["ou_columns"] = min(config["crossbar"]["columns"], rc.pick(random, 1, 3, 8, 16, 16, 64))
    while sum(len(ou.all_slots(ou.map_layer(layer.matrix(), layer.magnitude_bits, config)))
              for layer in layers) > MOST_CROSSBARS:
        config["crossbar"]["rows"] *= 2
        config["crossbar"]["columns"] *= 2
    if random.random() < 0.7:  # near the edge, where some conversions clip
        bits = ou.lossless_bits([ou.map_layer(layer.matrix(), layer.magnitude_bits, config) for layer in layers], config)
        config["adc"]["bits"] = max(1, bits - int(random.integers(0, 4)))
    config |= {"buffer": dict(rc.LARGE_BUFFERS), "run": rc.run_section(random)}
    labels = rc.random_labels(random, builder.values[network.output])
    return rc.Case(SEED, number, network.name, network, builder.inputs, labels, config)


def differences(case, folder):
    """Everything in a run folder that is not what the reference says."""
    sums = ou.column_sums(case.network, case.inputs[: case.samples], case.config) if case.samples else None
    run = ou.run_network(case.network, case.inputs, case.config, sums)
    name = case.network.output
    got = np.load(folder / "outputs" / f"{name}.npy").astype(np.int64)
    problems = [] if np.array_equal(got.ravel(), run.values[name].ravel()) else ["outputs differ"]
    with open(folder / "layers.csv", newline="") as file:
        rows = {row["layer"]: row for row in csv.DictReader(file)}
    for layer, counts in run.counts.items():
        # A layer without any weight is left to the vector unit, whose time is not the crossbars'.
        keys = COUNTS if counts["row_groups"] else COUNTS[:-1]
        problems += [f"{layer} {key}: simulator {rows[layer][key]}, reference {counts[key]}" for key in keys
                     if int(rows[layer][key]) != counts[key]]
    summary = json.loads((folder / "summary.json").read_text())
    totals = sum((Counter(counts) for counts in run.counts.values()), Counter())
    histogram = {str(bits): count for bits, count in totals.items() if isinstance(bits, int)}
    if {bits: n for bits, n in summary["adc_bits_histogram"].items() if n} != histogram:
        problems.append(f"adc_bits_histogram: simulator {summary['adc_bits_histogram']}, reference {histogram}")
    reference = nw.integer_reference(case.network, case.inputs)[name]
    if case.config["adc"]["resolution"] == "lossless" and case.config["adc"]["range"] == "clip":
        problems += [] if np.array_equal(reference, run.values[name]) else ["lossless, but not the integer reference"]
    return problems


def run_case(squeezebar, repository, folder, number):
    case = make_case(number)
    base = repository / "configs" / "chip" / ("sme.yaml" if number % 2 else "isaac.yaml")
    result = squeezebar("run", rc.write_case(case, folder / "case", base), "-o", folder / "run")
    assert result.returncode == 0, f"{case.describe()}\n{result.stderr}"
    problems = differences(case, folder / "run")
    assert not problems, "\n".join([case.describe(), *problems])


@pytest.mark.parametrize("number", range(FAST))
def test_random_network(squeezebar, repository, tmp_path, number):
    run_case(squeezebar, repository, tmp_path, number)


@pytest.mark.parametrize("number", range(FIRST_RESOLUTION, FIRST_RESOLUTION + FAST))
def test_a_resolution_for_each_row_group(squeezebar, repository, tmp_path, number):
    run_case(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST, FAST + SLOW))
def test_more_random_networks(squeezebar, repository, tmp_path, number):
    run_case(squeezebar, repository, tmp_path, number)


def run_calibration(squeezebar, repository, folder, number):
    case = make_case(number)
    random = rc.generator(SEED + 1, number)
    case.config["adc"] |= rc.random_calibration(random)
    case.samples = int(random.integers(1, len(case.inputs) + 1))
    config = rc.write_case(case, folder / "case", repository / "configs" / "chip" / "sme.yaml")
    made = squeezebar("calibrate", config, "--images", case.samples)
    assert made.returncode == 0, f"{case.describe()}\n{made.stderr}"
    sums = ou.column_sums(case.network, case.inputs[: case.samples], case.config)
    problems = cal.stored_differences(folder / "case" / "calibration", sums)
    assert not problems, "\n".join([case.describe(), *problems])
    result = squeezebar("run", config, "-o", folder / "run")
    assert result.returncode == 0, f"{case.describe()}\n{result.stderr}"
    problems = differences(case, folder / "run")
    assert not problems, "\n".join([case.describe(), *problems])


@pytest.mark.parametrize("number", range(FAST_CALIBRATIONS))
def test_calibrated_steps(squeezebar, repository, tmp_path, number):
    run_calibration(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_CALIBRATIONS, FAST_CALIBRATIONS + SLOW_CALIBRATIONS))
def test_more_calibrated_steps(squeezebar, repository, tmp_path, number):
    run_calibration(squeezebar, repository, tmp_path, number)


def test_shipped_example(squeezebar, repository, tmp_path):
    images = 4
    result = squeezebar("run", repository / "configs" / "examples" / "digits_sre.yaml", "--set", f"run.images={images}",
                        "--set", "run.outputs=true", "-o", tmp_path / "run")
    assert result.returncode == 0, result.stderr
    network, inputs, labels, _ = nw.read_bundle(repository / "workloads" / "digits" / "p70")
    config = make_config(rows=128, columns=128, cell=2, ou_rows=16, ou_columns=16, adc=6)
    config["crossbar"]["read_time"] = "100 ns"
    case = rc.Case(0, 0, network.name, network, inputs[:images], labels[:images], config)
    assert not differences(case, tmp_path / "run")


def test_random_networks_cover_what_matters():
    """Clips, skipped bit-cycles, several crossbars to a list and several units to a bit-cycle all occur."""
    seen = dict.fromkeys(("clipped", "skipped", "row groups", "units"), 0)
    for number in range(FAST):
        case = make_case(number)
        for counts in ou.run_network(case.network, case.inputs, case.config).counts.values():
            seen["clipped"] += counts["adc_clipped"] > 0
            seen["skipped"] += counts["bit_cycles_skipped"] > 0
            seen["row groups"] += counts["row_groups"] > 1
            seen["units"] += counts["crossbar_reads"] > 2 * counts["bit_cycles"]
    assert min(seen.values()) >= 10, seen
