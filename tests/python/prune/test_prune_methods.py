# SPDX-License-Identifier: Apache-2.0
"""The contract that every registered pruning method keeps, and what is special to each."""
import numpy as np
import pytest

from prune.methods import METHODS
from prune.training_options import TRAINING

SHAPES = {"conv1": (4, 1, 3, 3), "conv2": (8, 4, 3, 3), "fc": (10, 72)}


def weights(seed=0):
    rng = np.random.default_rng(seed)
    return {
        name: (rng.normal(size=shape) * (i + 1)).astype(np.float32) for i, (name, shape) in enumerate(SHAPES.items())
    }


def options(method, sparsity=0.5, **given):
    """What a method cannot do without, and `given`."""
    needed = {"sparsity": str(sparsity)} if "sparsity" in [option.name for option in method.options] else {}
    if method.name == "layer_magnitude":
        needed = {"ratios": str(sparsity)}
    return method.resolve({**needed, **given})


PRUNING = [n for n in METHODS.names() if "sparsity" in [option.name for option in METHODS.get(n).options]]


@pytest.fixture(params=METHODS.names())
def method(request):
    return METHODS.get(request.param)


@pytest.fixture(params=PRUNING)
def pruning(request):
    return METHODS.get(request.param)


def test_is_described(method):
    assert method.summary.endswith(".") and all(option.doc.endswith(".") for option in method.options)


def test_options_of_one_name_are_the_same_everywhere():
    """They share a flag, and its help."""
    declared = {option.name: option for option in TRAINING}
    for option in (option for name in METHODS.names() for option in METHODS.get(name).options):
        assert declared.setdefault(option.name, option) == option and option.name not in {o.name for o in TRAINING}


def test_retraining_defaults_are_training_options(method):
    known = {option.name: option for option in TRAINING}
    for name, default in method.retraining.items():
        assert known[name].parse(str(default)) == default


def test_reports_lines(method):
    lines = method.report(weights(), options(method))
    assert all(isinstance(line, str) and line and "\n" not in line for line in lines)


def test_masks_fit_the_weights(method):
    masks = method.masks(weights(), options(method, 0.6))
    assert list(masks) == list(SHAPES)
    assert all(masks[name].shape == shape and masks[name].dtype == bool for name, shape in SHAPES.items())


def test_without_a_sparsity_what_is_zero_stays_zero():
    given = {name: w * (np.abs(w) > 0.5) for name, w in weights().items()}
    for name in set(METHODS.names()) - set(PRUNING):
        masks = METHODS.get(name).masks(given, options(METHODS.get(name)))
        assert not any((masks[layer] & (w == 0)).any() for layer, w in given.items()), name


def test_admm_removes_nothing():
    given = {name: w * (np.abs(w) > 0.5) for name, w in weights().items()}
    masks = METHODS.get("admm").masks(given, options(METHODS.get("admm")))
    assert all((masks[layer] == (w != 0)).all() for layer, w in given.items())


@pytest.mark.parametrize("name", [n for n in METHODS.names() if "layers" in {o.name for o in METHODS.get(n).options}])
def test_linear_layers_are_left_alone_unless_asked_for(name):
    method, given = METHODS.get(name), {layer: w * 1e-4 for layer, w in weights().items()}
    assert method.masks(given, options(method, 0.5))["fc"].all()
    assert not method.masks(given, options(method, 0.5, layers="all"))["fc"].all()


def test_reaches_the_sparsity(pruning):
    for sparsity in (0.0, 0.25, 0.6, 0.95):
        masks = pruning.masks(weights(), options(pruning, sparsity))
        kept, total = sum(m.sum() for m in masks.values()), sum(m.size for m in masks.values())
        assert abs((1 - kept / total) - sparsity) <= 0.01


def test_depends_on_its_arguments_only(method):
    given = weights()
    first, second = method.masks(given, options(method, 0.5)), method.masks(weights(), options(method, 0.5))
    assert all((first[name] == second[name]).all() for name in SHAPES)
    assert all((given[name] == w).all() for name, w in weights().items())


def test_prunes_a_pruned_network_further(pruning):
    """What is zero already goes first."""
    given = weights()
    first = pruning.masks(given, options(pruning, 0.5))
    second = pruning.masks({name: w * first[name] for name, w in given.items()}, options(pruning, 0.8))
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
