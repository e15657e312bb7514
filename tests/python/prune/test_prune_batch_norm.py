# SPDX-License-Identifier: Apache-2.0
"""Batch normalisation at every position of a graph: folded where that is exact, else refused with both layers' names."""
import dataclasses

import numpy as np
import pytest
from prune_samples import random_data, random_parameters, uniform, with_scheme

from prune import float_reference, reference
from prune.errors import UserError
from prune.graph import Builder
from prune.quantise import lower, quantise
from prune.quantise.fold import fold, unfolded

SHAPE = (2, 6, 6)


def after_conv(net, x):
    return net.relu("relu", net.batch_norm("norm", net.conv2d("conv", x, 4, 3, padding=1)))


def after_relu_before_linear(net, x):
    return net.batch_norm("norm", net.relu("relu", net.conv2d("conv", x, 4, 3, padding=1)))


def after_relu_before_conv(net, x):
    x = net.batch_norm("norm", net.relu("relu", net.conv2d("conv", x, 4, 3, padding=1)))
    return net.relu("relu2", net.conv2d("conv2", x, 3, 3, bias=False))


def after_max_pool(net, x):
    return net.batch_norm("norm", net.max_pool("pool", net.conv2d("conv", x, 4, 3), 2))


def after_average_pool(net, x):
    return net.batch_norm("norm", net.average_pool("pool", net.relu("relu", net.conv2d("conv", x, 4, 3)), 2))


def after_add(net, x):
    a, b = net.conv2d("a", x, 4, 1), net.conv2d("b", x, 4, 1)
    return net.batch_norm("norm", net.relu("relu", net.add("sum", a, b)))


def after_subsample(net, x):
    return net.batch_norm("norm", net.subsample("half", net.conv2d("conv", x, 4, 3), 2, (1, 1)))


def two_in_a_row(net, x):
    return net.batch_norm("norm2", net.batch_norm("norm", net.conv2d("conv", x, 4, 3)))


def two_in_a_row_after_relu(net, x):
    x = net.relu("relu", net.conv2d("conv", x, 4, 3))
    return net.batch_norm("norm2", net.batch_norm("norm", x))


def on_both_sides(net, x):
    x = net.batch_norm("norm", net.relu("relu", net.conv2d("conv", net.batch_norm("first", x), 4, 3)))
    return net.relu("relu2", net.batch_norm("norm2", net.conv2d("conv2", x, 5, 2)))


def on_the_input(net, x):
    return net.conv2d("conv", net.batch_norm("norm", x), 4, 3, stride=2)


def behind_normalise(net, x):
    return net.conv2d("conv", net.batch_norm("norm", net.normalise("prepared", x, (0.1, 0.2), (0.5, 2.0))), 4, 3)


def before_a_branch_of_a_shared_layer(net, x):
    shared = net.conv2d("shared", x, 4, 3)
    branch = net.conv2d("branch", net.batch_norm("norm", shared), 4, 1)
    return net.add("sum", branch, shared)


def after_linear(net, x):
    return net.relu("relu", net.batch_norm("norm", net.linear("hidden", x, 7)))


EXACT = [
    after_conv,
    after_relu_before_linear,
    after_relu_before_conv,
    after_max_pool,
    after_average_pool,
    after_add,
    after_subsample,
    two_in_a_row,
    two_in_a_row_after_relu,
    on_both_sides,
    on_the_input,
    behind_normalise,
    before_a_branch_of_a_shared_layer,
    after_linear,
]


def built(body):
    """The graph of a body with a linear layer behind it."""
    net = Builder("image", SHAPE)
    return net.graph(net.linear("fc", body(net, net.input), 5))


def parameters_of(graph, seed=2):
    """Random ones, with factors of both signs and one that is zero."""
    parameters = random_parameters(graph, seed)
    for node in graph.nodes:
        if node.op == "batch_norm":
            parameters[f"{node.name}.weight"][0] *= -1
            parameters[f"{node.name}.weight"][-1] = 0
    return parameters


def by_pytorch(graph, parameters, inputs):
    torch = pytest.importorskip("torch", reason="the comparison needs PyTorch")
    from prune.torch_model import TorchModel

    model = TorchModel(graph).double().eval()
    model.load(parameters)
    with torch.no_grad():
        return model(torch.from_numpy(inputs)).numpy()


@pytest.mark.parametrize("body", EXACT)
def test_folded_equals_pytorch_and_the_unfolded_network(body):
    graph = built(body)
    parameters = parameters_of(graph)
    inputs = np.random.default_rng(0).normal(size=(8, *SHAPE))
    folded = fold(graph, parameters)
    assert not any(node.op in ("batch_norm", "normalise") for node in folded.graph.nodes)
    expected = by_pytorch(graph, parameters, inputs)
    # PyTorch holds the mean and deviation of normalise in float32.
    tolerance = 1e-5 if body is behind_normalise else 1e-9
    np.testing.assert_allclose(float_reference.run(folded, inputs), expected, rtol=tolerance, atol=tolerance)
    same = float_reference.run(unfolded(graph, parameters), inputs)
    np.testing.assert_allclose(same, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("body", EXACT)
def test_integer_network_follows_pytorch(body):
    graph = built(body)
    parameters, data = parameters_of(graph), random_data(SHAPE)
    network, folded = quantise("n", graph, parameters, data, *uniform(signed_activations="affine"))
    codes = folded.preparation.codes(data, data.train.inputs, network.input.quantisation)
    real = reference.run(network, codes) * network.quantisations()[network.output].scale
    exact = by_pytorch(graph, parameters, data.real(data.train.inputs))
    assert np.sqrt(np.mean((real - exact) ** 2) / np.mean(exact**2)) < 0.03


def test_a_pattern_belongs_to_the_weights_with_their_inputs_scaled():
    graph = built(after_relu_before_linear)
    parameters = parameters_of(graph)
    folded = fold(graph, parameters)
    weight, factor = folded.trained["fc"]
    np.testing.assert_array_equal(weight, folded.parameters["fc"][0])
    assert (factor == 1).all()
    scheme, options = with_scheme("s_window")
    network, _ = quantise("n", graph, parameters, random_data(SHAPE), scheme, options)
    np.testing.assert_array_equal(network.layers[-1].weight, scheme.project(weight, options).codes)


def test_a_pruned_weight_stays_zero_behind_a_norm():
    graph = built(after_relu_before_conv)
    parameters = parameters_of(graph)
    parameters["conv2.weight"][:, 1] = 0
    assert not fold(graph, parameters).parameters["conv2"][0][:, 1].any()


def padded(net, x):
    x = net.batch_norm("norm", net.relu("relu", net.conv2d("conv", x, 4, 3)))
    return net.conv2d("next", x, 4, 3, padding=(0, 1))


def before_relu(net, x):
    return net.relu("next", net.batch_norm("norm", net.max_pool("conv", x, 2)))


def before_max_pool(net, x):
    return net.max_pool("next", net.batch_norm("norm", net.relu("relu", net.conv2d("conv", x, 4, 3))), 2)


def read_by_two(net, x):
    x = net.batch_norm("norm", net.relu("relu", net.conv2d("conv", x, 4, 3)))
    return net.add("sum", net.conv2d("next", x, 4, 1), net.conv2d("other", x, 4, 1))


def of_a_shared_layer(net, x):
    shared = net.conv2d("conv", x, 4, 3)
    return net.add("next", net.batch_norm("norm", shared), shared)


def padded_input(net, x):
    return net.conv2d("next", net.batch_norm("norm", x), 4, 3, padding=1)


REFUSED = [
    (padded, "'conv' through a ReLU.*'next'.*pads its input"),
    (before_relu, "'conv' .max_pool., which has no weights.*'next' .relu.*no weights"),
    (before_max_pool, "'conv' through a ReLU.*'next' .max_pool.*no weights"),
    (read_by_two, "'conv' through a ReLU.*more than one layer reads it .'next', 'other'"),
    (of_a_shared_layer, "'conv', which 'next' reads too.*'next' .add.*no weights"),
    (padded_input, "network's input 'image'.*'next'.*pads its input"),
]


@pytest.mark.parametrize(("body", "text"), REFUSED, ids=[body.__name__ for body, _ in REFUSED])
def test_a_norm_that_no_layer_can_take_is_refused(body, text):
    with pytest.raises(UserError, match=f"'norm': batch_norm cannot be folded.*{text}.*; put it"):
        graph = built(body)
        fold(graph, random_parameters(graph, 0))


def test_a_norm_at_the_output_without_weights_before_it_is_refused():
    net = Builder("image", SHAPE)
    with pytest.raises(UserError, match="'norm'.*it is the network's output"):
        graph = net.graph(net.batch_norm("norm", net.average_pool("pool", net.conv2d("conv", net.input, 4, 1), 6)))
        fold(graph, random_parameters(graph, 0))


def test_every_norm_is_named_at_once():
    net = Builder("image", SHAPE)
    x = net.conv2d("conv", net.batch_norm("first", net.input), 4, 3, padding=1)
    x = net.relu("relu2", net.batch_norm("second", net.relu("relu", x)))
    with pytest.raises(UserError, match="(?s)'first'.*'second'"):
        graph = net.graph(net.linear("fc", x, 5))
        fold(graph, random_parameters(graph, 0))


def test_a_folded_network_that_differs_is_refused(monkeypatch):
    def wrong(graph, parameters):
        folded = fold(graph, parameters)
        weight, bias = folded.parameters["fc"]
        return dataclasses.replace(folded, parameters={**folded.parameters, "fc": (weight, bias + 1e-3)})

    monkeypatch.setattr(lower, "fold", wrong)
    graph = built(after_conv)
    with pytest.raises(UserError, match="batch_norm folded differs"):
        quantise("n", graph, parameters_of(graph), random_data(SHAPE), *uniform())
