# SPDX-License-Identifier: Apache-2.0
"""The simulator against the NumPy reference: every output code and every count of random networks, exactly."""
import csv
import json
import re

import numpy as np
import pytest

import network as nw
import random_cases as rc

FAST, SLOW = 80, 300
FAST_GRAPHS, SLOW_GRAPHS = 30, 120
LAYER_COUNTS = ("waves", "row_groups", "crossbars", "bit_cycles", "adc_conversions", "adc_clipped",
                "crossbar_reads", "dac_drives")
TOTALS = ("bit_cycles", "adc_conversions", "adc_clipped")
CROSSBAR_LAYER_SIZES = ("rows", "columns")


def base_of(repository, number):
    """Chip file to include; every fourth case starts from the other preset."""
    path = repository / "configs" / "chip" / ("sme.yaml" if number % 4 == 3 else "isaac.yaml")
    assert path.is_file(), f"no chip file {path}"
    return path


def mismatch(what, got, wanted):
    return [] if got == wanted else [f"{what}: simulator {got}, reference {wanted}"]


def number_of(entry):
    """`crossbars` entries are a number or split with a total."""
    return entry["total"] if isinstance(entry, dict) else entry


def compare_outputs(case, folder, values):
    network = case.network
    got = np.load(folder / "outputs" / f"{network.output}.npy")
    wanted = values[network.output].reshape(len(case.inputs), -1)
    if got.dtype != network.codes(network.output).dtype:
        return [f"outputs: dtype {got.dtype}"]
    if got.size != wanted.size or len(got) != len(wanted):
        return [f"outputs: shape {got.shape} instead of {wanted.shape}"]
    wrong = np.argwhere(got.reshape(wanted.shape) != wanted)
    if not len(wrong):
        return []
    image, code = wrong[0]
    return [f"outputs: {len(wrong)} of {wanted.size} codes differ; first at image {image}, code {code}: simulator "
            f"{got.reshape(wanted.shape)[image, code]}, reference {wanted[image, code]}"]


def compare_layers(case, folder, counts):
    with open(folder / "layers.csv", newline="") as file:
        rows = {row["layer"]: row for row in csv.DictReader(file)}
    problems = mismatch("layers", sorted(rows), sorted(counts))
    for layer in case.network.layers:
        row = rows.get(layer.name)
        if row is None or layer.op not in nw.CROSSBAR_OPS:
            continue
        for key in LAYER_COUNTS:
            problems += mismatch(f"{layer.name} {key}", int(row[key]), counts[layer.name][key])
        for key, size in zip(CROSSBAR_LAYER_SIZES, layer.matrix().shape):
            problems += mismatch(f"{layer.name} {key}", int(row[key]), size)
        problems += mismatch(f"{layer.name} bit_cycles_skipped", int(row["bit_cycles_skipped"]), 0)
    return problems


def compare_summary(case, folder, run, expected):
    summary = json.loads((folder / "summary.json").read_text())
    problems = mismatch("images", summary["images"], len(case.inputs))
    for key in TOTALS:
        problems += mismatch(key, summary[key], run.totals[key])
    problems += mismatch("bit_cycles_skipped", summary["bit_cycles_skipped"], 0)
    problems += mismatch("crossbars.allocated", number_of(summary["crossbars"]["allocated"]), run.totals["crossbars"])
    histogram = {int(bits): count for bits, count in summary["adc_bits_histogram"].items() if count}
    problems += mismatch("adc_bits_histogram", histogram, run.histogram)
    for key in ("accuracy_top1", "accuracy_reference_top1"):
        problems += mismatch(key, summary[key], expected[key])
    equal = expected["outputs"] == expected["reference_outputs"]
    # A reference without any signal has no ratio either.
    undefined = equal or not expected["reference_signal"]
    problems += mismatch("sqnr_db is null", summary["sqnr_db"] is None, undefined)
    return problems


def differences(case, folder):
    """Everything in a run folder that is not what the reference says."""
    run, expected = rc.expectation(case)
    return (compare_outputs(case, folder, run.values) + compare_layers(case, folder, run.counts)
            + compare_summary(case, folder, run, expected))


def expect_right(case, result, folder):
    assert result.returncode == 0, f"{case.describe()}\n{result.stderr}"
    problems = differences(case, folder)
    assert not problems, "\n".join([case.describe(), *problems])


def run_random(squeezebar, repository, folder, number):
    case = rc.make_case(rc.SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run")


def run_graph(squeezebar, repository, folder, number):
    """Small buffers: either the right results, or a refusal that names a buffer, as `check` gives it."""
    case = rc.make_graph_case(rc.GRAPH_SEED, number)
    base = base_of(repository, number)
    config = rc.write_case(case, folder / "case", base)
    result = squeezebar("run", config, "-o", folder / "run")
    checked = squeezebar("check", config)
    assert checked.returncode == result.returncode, f"{case.describe()}\ncheck: {checked.stderr}\n{result.stderr}"
    if result.returncode == 0:
        expect_right(case, result, folder / "run")
        return
    assert result.returncode == 2, f"{case.describe()}\n{result.stderr}"
    complaints = [line for line in result.stderr.splitlines() if re.search(r"error: buffer\.", line)]
    assert complaints, f"no buffer is named: {case.describe()}\n{result.stderr}"
    assert all(line in checked.stderr for line in complaints), f"check says otherwise:\n{checked.stderr}"
    assert not (folder / "run").exists(), "a refused run left a folder"
    ample = rc.write_config(case.config | {"buffer": rc.LARGE_BUFFERS}, folder / "case" / "ample.yaml", base)
    expect_right(case, squeezebar("run", ample, "-o", folder / "ample"), folder / "ample")


@pytest.mark.parametrize("number", range(FAST))
def test_random_network(squeezebar, repository, tmp_path, number):
    run_random(squeezebar, repository, tmp_path, number)


@pytest.mark.parametrize("number", range(FAST_GRAPHS))
def test_random_graph(squeezebar, repository, tmp_path, number):
    run_graph(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST, FAST + SLOW))
def test_more_random_networks(squeezebar, repository, tmp_path, number):
    run_random(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_GRAPHS, FAST_GRAPHS + SLOW_GRAPHS))
def test_more_random_graphs(squeezebar, repository, tmp_path, number):
    run_graph(squeezebar, repository, tmp_path, number)
