# SPDX-License-Identifier: Apache-2.0
"""Training: deterministic, masked, and honest about what it returns."""
import numpy as np
import pytest
from prune_samples import defaults, random_data, random_parameters, residual_graph

from prune.data import DATA_SETS
from prune.data.cifar10 import data_folder
from prune.errors import UserError
from prune.networks import NETWORKS
from prune.training_options import TRAINING

pytest.importorskip("torch", reason="training needs PyTorch")
from prune.constraint import Masks  # noqa: E402
from prune.torch_model import TorchModel  # noqa: E402
from prune.training import train  # noqa: E402

OPTIONS = defaults(TRAINING, epochs=2, batch_size=8)


def test_same_seed_gives_the_same_weights():
    graph, data = residual_graph(), random_data((2, 6, 6))
    first, second, other = (train(graph, data, {**OPTIONS, "seed": seed}) for seed in (1, 1, 2))
    assert first.log == second.log
    assert all(np.array_equal(first.parameters[name], second.parameters[name]) for name in first.parameters)
    assert any(not np.array_equal(first.parameters[name], other.parameters[name]) for name in first.parameters)


def test_masked_weights_stay_zero_and_others_learn():
    graph, data = residual_graph(), random_data((2, 6, 6))
    start = random_parameters(graph, seed=2)
    mask = np.random.default_rng(0).random(start["a.weight"].shape) < 0.5
    result = train(graph, data, OPTIONS, start, Masks({"a": mask})).parameters["a.weight"]
    assert not result[~mask].any() and (result[mask] != start["a.weight"][mask]).all()


def test_log_has_a_line_per_epoch():
    log = train(residual_graph(), random_data((2, 6, 6)), {**OPTIONS, "limit": 16}).log.splitlines()
    assert log[0] == "epoch,loss,train_accuracy,held_out_accuracy" and len(log) == 3


def test_divergence_is_an_error():
    start = random_parameters(residual_graph(), seed=2)
    start["fc.weight"][:] = np.float32(3e38)
    with pytest.raises(UserError, match="diverged"):
        train(residual_graph(), random_data((2, 6, 6)), {**OPTIONS, "learning_rate": 10.0}, start)


def test_parameters_pass_through_the_module():
    graph = residual_graph()
    model, parameters = TorchModel(graph), random_parameters(graph, seed=1)
    model.load(parameters)
    assert all(np.array_equal(array, parameters[name]) for name, array in model.arrays().items())


def _networks():
    """All of them; those with data that must be there first are slow."""
    return [pytest.param(name, marks=[pytest.mark.slow] if NETWORKS.get(name).data == "cifar10" else []) for name in NETWORKS.names()]


@pytest.mark.parametrize("name", _networks())
def test_networks_fit_their_data(name):
    network = NETWORKS.get(name)
    folder = data_folder() / network.data
    if network.data == "cifar10" and not folder.is_dir():
        pytest.skip(f"needs CIFAR-10: there is no folder {folder}; set SQUEEZEBAR_DATA to the folder that holds it")
    data, graph = DATA_SETS.get(network.data)(), network.build()
    assert graph.input_shape == data.train.inputs.shape[1:]
    assert np.prod(graph.shapes()[graph.output]) == len(set(data.train.labels.tolist()))


def test_digits_are_split_once_and_for_all():
    data = DATA_SETS.get("digits")()
    assert len(data.train.labels) == 1198 and len(data.held_out.labels) == 599
    assert data.held_out.labels[:10].tolist() == [2, 5, 7, 9, 1, 2, 7, 1, 8, 7]
    assert data.train.inputs.min() == 0 and data.train.inputs.max() == 255
