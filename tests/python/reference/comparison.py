# SPDX-License-Identifier: Apache-2.0
"""What in a run folder of the simulator is not what the reference says."""
import csv
import json

import numpy as np

import network as nw
import random_cases as rc

LAYER_COUNTS = ("waves", "row_groups", "crossbars", "bit_cycles", "adc_conversions", "adc_clipped",
                "crossbar_reads", "dac_drives", "bit_cycles_skipped")
TOTALS = ("bit_cycles", "bit_cycles_skipped", "adc_conversions", "adc_clipped")
INDEX_STORAGE = ("occupancy", "row_mask", "permutation")
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
    return problems


def read_summary(folder):
    return json.loads((folder / "summary.json").read_text())


def compare_mapping(summary, run):
    """Index storage by category and weight error of the network."""
    layers = run.mapped.values()
    index = {key: sum(mapped.index[key] for mapped in layers) for key in INDEX_STORAGE}
    problems = mismatch("index_storage_bits.total", summary["index_storage_bits"]["total"], sum(index.values()))
    for key, bits in index.items():
        problems += mismatch(f"index_storage_bits.{key}", summary["index_storage_bits"][key], bits)
    error, weight = sum(m.squared_error for m in layers), sum(m.squared_weight for m in layers)
    return problems + mismatch("weight_error.relative", summary["weight_error"]["relative"],
                               error / weight if weight else 0.0)


def compare_summary(case, folder, run, expected):
    summary = read_summary(folder)
    problems = mismatch("images", summary["images"], len(case.inputs))
    for key in TOTALS:
        problems += mismatch(key, summary[key], run.totals[key])
    problems += mismatch("crossbars.allocated", number_of(summary["crossbars"]["allocated"]), run.totals["crossbars"])
    histogram = {int(bits): count for bits, count in summary["adc_bits_histogram"].items() if count}
    problems += mismatch("adc_bits_histogram", histogram, run.histogram)
    for key in ("accuracy_top1", "accuracy_reference_top1"):
        problems += mismatch(key, summary[key], expected[key])
    equal = expected["outputs"] == expected["reference_outputs"]
    # A reference without any signal has no ratio either.
    undefined = equal or not expected["reference_signal"]
    problems += mismatch("sqnr_db is null", summary["sqnr_db"] is None, undefined)
    return problems + compare_mapping(summary, run)


def differences(case, folder, replicated=None):
    """Everything in a run folder that is not what the reference says. `replicated`: gives the crossbars with their
    replicas by layer."""
    run, expected = rc.expectation(case)
    problems = (compare_outputs(case, folder, run.values) + compare_layers(case, folder, run.counts)
                + compare_summary(case, folder, run, expected))
    if replicated:
        problems += mismatch("crossbars.replicated", number_of(read_summary(folder)["crossbars"]["replicated"]),
                             sum(replicated(case, run).values()))
    return problems


def expect_right(case, result, folder, replicated=None):
    assert result.returncode == 0, f"{case.describe()}\n{result.stderr}"
    problems = differences(case, folder, replicated)
    assert not problems, "\n".join([case.describe(), *problems])
