# SPDX-License-Identifier: Apache-2.0
"""The bundles in the repository: intact, as accurate as they say, and as sparse."""
import subprocess
from pathlib import Path

import numpy as np
import pytest
import prune_slow_reference as slow

from prune import reference
from prune.bundle.check import check_bundle
from prune.bundle.read import read_bundle
from prune.data import DATA_SETS

DIGITS = Path(__file__).resolve().parents[3] / "workloads" / "digits"
SPARSITY = {"dense": 0.0, "p50": 0.5, "p70": 0.7, "p90": 0.9}
LEAST_ACCURACY = {"dense": 0.97, "p50": 0.97, "p70": 0.97, "p90": 0.90}


@pytest.fixture(scope="module", params=SPARSITY)
def shipped(request):
    return request.param, read_bundle(DIGITS / request.param)


def test_verifies(shipped):
    name, bundle = shipped
    check = check_bundle(bundle, DIGITS / name)
    assert bundle.network.name == f"digits-{name}"
    assert (check.compared, check.images) == (16, 599) and check.accuracy >= LEAST_ACCURACY[name]


def test_quantisation_costs_at_most_half_a_point(shipped):
    provenance = shipped[1].provenance
    assert abs(provenance["float_accuracy_top1"] - provenance["quantised_accuracy_top1"]) <= 0.005


def test_has_the_sparsity_of_its_name(shipped):
    name, bundle = shipped
    sparsity, by_layer = bundle.network.sparsity()
    assert 0 <= sparsity - SPARSITY[name] < 0.02  # rounding to 8 bits makes a few more zeros
    assert bundle.provenance["sparsity"] == sparsity and bundle.provenance["sparsity_by_layer"] == by_layer


def test_holds_the_held_out_samples(shipped):
    samples = DATA_SETS.get("digits")().held_out
    np.testing.assert_array_equal(shipped[1].inputs, samples.inputs)
    np.testing.assert_array_equal(shipped[1].labels, samples.labels)


def test_first_sample_equals_plain_loops(shipped):
    bundle = shipped[1]
    codes = slow.run(bundle.network, bundle.inputs[0])[bundle.network.output]
    assert [codes[key] for key in sorted(codes)] == bundle.expected[0].tolist()


def test_logits_do_not_tie(shipped):
    logits = np.sort(reference.run(shipped[1].network, shipped[1].inputs), axis=1)
    assert (logits[:, -1] > logits[:, -2]).all()
    assert np.abs(logits).max() < 32767


def test_spans_several_crossbars(shipped):
    rows = [layer.weight[0].size for layer in shipped[1].network.layers if layer.weight is not None]
    assert max(rows) > 2 * 128


def test_is_small():
    assert sum(p.stat().st_size for p in DIGITS.rglob("*") if p.is_file()) < 512 * 1024


def test_make_explains_itself():
    result = subprocess.run([DIGITS / "make", "--help"], capture_output=True, text=True)
    assert result.returncode == 2 and "usage: workloads/digits/make" in result.stderr
