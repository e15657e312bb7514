# SPDX-License-Identifier: Apache-2.0
"""The contract that every registered pruning method keeps, and what is special to each."""
import numpy as np
import pytest

from prune.methods import METHODS
from prune.options import resolve

SHAPES = {"conv1": (4, 1, 3, 3), "conv2": (8, 4, 3, 3), "fc": (10, 72)}


def weights(seed=0):
    rng = np.random.default_rng(seed)
    return {
        name: (rng.normal(size=shape) * (i + 1)).astype(np.float32) for i, (name, shape) in enumerate(SHAPES.items())
    }


def options(method, sparsity):
    names = [option.name for option in method.options]
    return resolve(method.options, {"sparsity": str(sparsity)} if "sparsity" in names else {}, "the test")


@pytest.fixture(params=METHODS.names())
def method(request):
    return METHODS.get(request.param)


def test_is_described(method):
    assert method.summary.endswith(".") and all(option.doc.endswith(".") for option in method.options)


def test_masks_fit_the_weights(method):
    masks = method.masks(weights(), options(method, 0.6))
    assert list(masks) == list(SHAPES)
    assert all(masks[name].shape == shape and masks[name].dtype == bool for name, shape in SHAPES.items())


def test_reaches_the_sparsity(method):
    for sparsity in (0.0, 0.25, 0.6, 0.95):
        masks = method.masks(weights(), options(method, sparsity))
        kept, total = sum(m.sum() for m in masks.values()), sum(m.size for m in masks.values())
        assert abs((1 - kept / total) - sparsity) <= 0.01


def test_depends_on_its_arguments_only(method):
    given = weights()
    first, second = method.masks(given, options(method, 0.5)), method.masks(weights(), options(method, 0.5))
    assert all((first[name] == second[name]).all() for name in SHAPES)
    assert all((given[name] == w).all() for name, w in weights().items())


def test_prunes_a_pruned_network_further(method):
    """What is zero already goes first."""
    given = weights()
    first = method.masks(given, options(method, 0.5))
    second = method.masks({name: w * first[name] for name, w in given.items()}, options(method, 0.8))
    assert not any((second[name] & ~first[name]).any() for name in SHAPES)


def test_magnitude_keeps_the_largest_of_all_layers():
    given = weights()
    masks = METHODS.get("magnitude").masks(given, {"sparsity": 0.5, "scope": "global"})
    kept = np.concatenate([np.abs(given[n][masks[n]]) for n in SHAPES])
    gone = np.concatenate([np.abs(given[n][~masks[n]]) for n in SHAPES])
    assert kept.min() >= gone.max()
    assert masks["conv1"].mean() < masks["fc"].mean()


def test_magnitude_by_layer_prunes_each_layer_alike():
    masks = METHODS.get("magnitude").masks(weights(), {"sparsity": 0.75, "scope": "layer"})
    assert [m.sum() for m in masks.values()] == [9, 72, 180]


def test_magnitude_breaks_ties_by_position():
    """Enough equal weights that only a stable sort keeps their order."""
    masks = METHODS.get("magnitude").masks({"fc": np.ones((20, 100), np.float32)}, {"sparsity": 0.5, "scope": "global"})
    assert not masks["fc"][:10].any() and masks["fc"][10:].all()
