# SPDX-License-Identifier: Apache-2.0
"""The bundles in the repository are what their recipes make: byte for byte as far as the machine allows."""
import subprocess
from pathlib import Path

import numpy as np
import pytest

from prune import checkpoint
from prune.bundle.read import read_bundle
from prune.cli import main
from prune.data import DATA_SETS
from prune.errors import UserError
from prune.provenance import library_versions, processor

REPOSITORY = Path(__file__).resolve().parents[3]
DIGITS = REPOSITORY / "workloads" / "digits"
RESNET20 = REPOSITORY / "workloads" / "resnet20"
PRUNED = {"p50": "0.50", "p70": "0.70", "p90": "0.90"}


def contents(folder):
    """Bytes by name; files.json is there only where a folder was just written."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*"))
            if p.is_file() and p.name != "files.json"}


def assert_same(made, shipped):
    made, shipped = contents(made), contents(shipped)
    assert list(made) == list(shipped)
    assert [name for name in made if made[name] != shipped[name]] == []


@pytest.mark.slow
def test_digits_trained_again(tmp_path):
    torch = pytest.importorskip("torch", reason="training needs PyTorch")
    recorded = checkpoint.load(DIGITS / "dense-float")
    here = (library_versions(torch), processor())
    if here != (recorded.library_versions, recorded.processor):
        pytest.skip(f"trained weights are those of {recorded.library_versions} on {recorded.processor}")
    subprocess.run([DIGITS / "make", tmp_path], check=True, capture_output=True, timeout=900)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dense", "dense-float", *PRUNED]
    for name in ("dense-float", "dense", *PRUNED):
        assert_same(tmp_path / name, DIGITS / name)


def test_digits_quantised_again(tmp_path):
    assert main(["quantise", str(DIGITS / "dense-float"), "-o", str(tmp_path / "dense-int8")]) == 0
    assert main(["export", str(tmp_path / "dense-int8"), "--name", "digits-dense", "-o", str(tmp_path / "dense")]) == 0
    assert_same(tmp_path / "dense", DIGITS / "dense")


@pytest.mark.parametrize("name", PRUNED)
def test_weights_that_are_pruned_without_training_are_zero_in_the_bundle(tmp_path, name):
    pytest.importorskip("torch", reason="prune needs PyTorch")
    command = ["prune", str(DIGITS / "dense-float"), "--method", "magnitude", "--sparsity", PRUNED[name]]
    assert main([*command, "--epochs", "0", "-o", str(tmp_path / "pruned")]) == 0
    layers = {layer.name: layer.weight for layer in read_bundle(DIGITS / name).network.layers}
    removed = 0
    for layer, weight in checkpoint.load(tmp_path / "pruned").weights().items():
        assert not layers[layer][weight == 0].any()
        removed += np.count_nonzero(weight == 0)
    assert removed == round(float(PRUNED[name]) * 22800)


@pytest.mark.parametrize("name", ["dense", *PRUNED])
def test_digits_bundles_take_other_samples(tmp_path, name):
    made = tmp_path / "made"
    assert main(["samples", str(DIGITS / name), "--count", "100", "-o", str(made)]) == 0
    assert len(read_bundle(made).labels) == 100


@pytest.mark.slow
def test_resnet20_quantised_again(tmp_path):
    """Its accuracy is measured by PyTorch, whose sums are not the same everywhere: near ties may turn."""
    try:
        DATA_SETS.get("cifar10")()
    except UserError as error:
        pytest.skip(f"needs CIFAR-10: {error}")
    assert main(["quantise", str(RESNET20 / "float"), "-o", str(tmp_path / "dense-int")]) == 0
    command = ["export", str(tmp_path / "dense-int"), "--name", "resnet20-dense", "--samples", "0"]
    assert main([*command, "-o", str(tmp_path / "dense")]) == 0
    made, shipped = contents(tmp_path / "dense"), contents(RESNET20 / "dense")
    assert list(made) == list(shipped)
    assert [name for name in made if made[name] != shipped[name] and name != "provenance.yaml"] == []
    wrong, recorded = (set(read_bundle(folder).provenance["float_wrong"]) for folder in (tmp_path / "dense", RESNET20 / "dense"))
    assert len(wrong ^ recorded) <= 5
