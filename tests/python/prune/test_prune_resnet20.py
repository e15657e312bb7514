# SPDX-License-Identifier: Apache-2.0
"""The ResNet-20 bundles in the repository: what their names promise, and how accurate they are where CIFAR-10 is at hand."""
import csv
import subprocess
from pathlib import Path

import numpy as np
import pytest

from prune import checkpoint, columns, convolution, preparation, reference
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.data import DATA_SETS
from prune.data.cifar10 import data_folder
from prune.tiles import Tiling, matrix, occupied_planes

RESNET20 = Path(__file__).resolve().parents[3] / "workloads" / "resnet20"
FINE_TUNED = ["s3", "s3-rows", "p40-s3"]
PATTERNED = [*FINE_TUNED, "dub32-s3"]
# Made to compare ways to prune, and the epoch with which their last training ended.
BY_TILE = {32: ("dub32-short", "lasso32"), 64: ("dub64", "lasso64"), 128: ("dub128", "lasso128")}
COMPARED = {"magnitude": 7} | {name: 4 for names in BY_TILE.values() for name in names} | {
    f"{method}-r{ratio}": 2 for method in ("dub32", "magnitude") for ratio in (50, 80, 95)
}
NAMES = ["dense", "dub32", *PATTERNED, *COMPARED]
MIB = 2**20


@pytest.fixture(scope="module", params=NAMES)
def shipped(request):
    return request.param, read_bundle(RESNET20 / request.param)


def test_verifies_without_samples(shipped):
    name, bundle = shipped
    check = check_bundle(bundle, RESNET20 / name)
    assert bundle.network.name == f"resnet20-{name}" and (check.compared, check.images) == (0, 0)
    assert sum(weight.size for weight in bundle.network.weights().values()) == 268336


def test_is_small(shipped):
    assert sum(p.stat().st_size for p in (RESNET20 / shipped[0]).rglob("*") if p.is_file()) < MIB
    assert sum(p.stat().st_size for p in (RESNET20 / "float").rglob("*") if p.is_file()) < MIB


def test_is_accurate_on_all_test_images(shipped):
    provenance = shipped[1].provenance
    assert provenance["accuracy_images"] == 10000
    least = 0.75 if shipped[0] in COMPARED else 0.875
    assert provenance["float_accuracy_top1"] >= least and provenance["quantised_accuracy_top1"] >= least


def test_weights_are_in_the_pattern():
    """At most three ones in a row, after which only zeros follow (SME, section III-A)."""
    for name in PATTERNED:
        for weight in read_bundle(RESNET20 / name).network.weights().values():
            codes = np.unique(np.abs(weight.astype(int))).tolist()
            assert all(len(f"{code:b}".rstrip("0")) <= 3 for code in codes)


def test_row_aware_clipping_saves_crossbars():
    def crossbars(name):
        weights = read_bundle(RESNET20 / name).network.weights().values()
        return sum(int(occupied_planes(matrix(w).astype(int), 8, Tiling(128, 128)).sum()) for w in weights)

    assert crossbars("s3-rows") < 0.97 * crossbars("s3")


def test_pruning_empties_crossbar_rows():
    """Whole rows of a crossbar, of 128 rows and 128 columns; every layer has at most 64 columns, so a row is a matrix row."""
    weights = read_bundle(RESNET20 / "p40-s3").network.weights()
    zeros = sum(int((matrix(w) == 0).sum()) for w in weights.values())
    assert zeros >= 0.4 * 0.95 * sum(w.size for w in weights.values())
    assert any((matrix(w) == 0).all(axis=1).mean() > 0.2 for w in weights.values())


def saved_bits(name, tile):
    """How many times fewer ADC bits than full crossbars, as D.U.B. counts and with exact counting, and the accuracy."""
    bundle = read_bundle(RESNET20 / name)
    layers = [columns.statistics(w, tile) for w in bundle.network.weights().values() if w.ndim == 4]
    summary = columns.summary(layers, tile)
    return summary.linear, summary.exact, bundle.provenance["quantised_accuracy_top1"]


def test_dub_halves_the_bits_of_small_crossbars_for_less_than_a_point():
    """The unweighted figure that D.U.B. publishes, of 7.134 for VGG11 and 1.270 for ResNet18 (arXiv 2403.13082)."""
    linear, _, accuracy = saved_bits("dub32", 32)
    assert linear >= 2 and saved_bits("dense", 32)[2] - accuracy < 0.01


@pytest.mark.parametrize("tile", BY_TILE)
def test_dub_needs_the_fewest_bits_at_equal_accuracy(tile):
    """The trend that D.U.B. publishes, at accuracies within a point of each other."""
    dub, lasso, magnitude = (saved_bits(name, tile) for name in (*BY_TILE[tile], "magnitude"))
    assert dub[0] > lasso[0] > magnitude[0] and dub[1] > magnitude[1] > lasso[1]
    assert max(abs(dub[2] - other[2]) for other in (lasso, magnitude)) < 0.01


def test_every_log_is_there():
    epochs = {}
    for name in NAMES:
        with open(RESNET20 / "logs" / f"{name}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert float(rows[-1]["held_out_accuracy"]) == read_bundle(RESNET20 / name).provenance["float_accuracy_top1"]
        epochs[name] = int(rows[-1]["epoch"])
    assert epochs == {"dense": 60, "dub32": 24, "dub32-s3": 24} | dict.fromkeys(FINE_TUNED, 12) | COMPARED


def test_commands_say_how_they_were_made(shipped):
    name, bundle = shipped
    commands = bundle.provenance["command"]
    assert "train --network resnet20" in commands
    assert ("--method dub" in commands) == name.startswith("dub")
    assert ("--method admm" in commands) == (name in FINE_TUNED) and ("--method block" in commands) == (name == "p40-s3")


def test_make_explains_itself():
    for script in ("resnet20/make", "resnet20/columns", "resnet20/samples", "published/resnet20/make"):
        result = subprocess.run([RESNET20.parent / script, "--help"], capture_output=True, text=True)
        assert result.returncode == 2 and f"usage: workloads/{script}" in result.stderr


@pytest.fixture(scope="module")
def images():
    if not (data_folder() / "cifar10").is_dir():
        pytest.skip(f"needs CIFAR-10 in {data_folder()}; set SQUEEZEBAR_DATA to the folder that holds it")
    return DATA_SETS.get("cifar10")()


@pytest.mark.slow
def test_recorded_accuracy_is_that_of_the_bundle(shipped, images):
    network, provenance = shipped[1].network, shipped[1].provenance
    prepared = preparation.from_record(provenance.get("preparation", {}), 3, "provenance")
    codes = prepared.codes(images, images.held_out.inputs, network.input.quantisation)
    logits = reference.run(network, codes, convolution.fastest(len(codes)))
    assert reference.accuracy(logits, images.held_out.labels) == provenance["quantised_accuracy_top1"]


@pytest.mark.slow
def test_float_network_is_as_accurate_as_recorded(images):
    from prune.training import accuracy

    stored = checkpoint.load(RESNET20 / "float")
    recorded = read_bundle(RESNET20 / "dense").provenance["float_accuracy_top1"]
    assert accuracy(stored.graph(), stored.parameters, images) == pytest.approx(recorded, abs=0.0005)
