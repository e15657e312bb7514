# SPDX-License-Identifier: Apache-2.0
"""Folding, calibration and quantisation against PyTorch and against the float network."""
import numpy as np
import pytest
from prune_samples import quantise_residual, random_data, random_parameters, residual_graph, uniform

from prune import float_reference, reference
from prune.graph import Builder
from prune.quantise import quantise
from prune.quantise.calibrate import Range, affine, calibrate, symmetric, unsigned
from prune.quantise.fold import fold

torch = pytest.importorskip("torch", reason="the comparison needs PyTorch")
from prune.torch_model import TorchModel  # noqa: E402


def sqnr_db(exact, approximate):
    return 10 * np.log10(np.sum(exact**2) / np.sum((exact - approximate) ** 2))


def test_folded_network_equals_pytorch():
    graph = residual_graph()
    parameters = random_parameters(graph, seed=5)
    model = TorchModel(graph).double().eval()
    model.load(parameters)
    inputs = np.random.default_rng(0).normal(size=(20, *graph.input_shape))
    with torch.no_grad():
        expected = model(torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(float_reference.run(fold(graph, parameters), inputs), expected, rtol=1e-9, atol=1e-9)


def test_average_pool_without_its_padding_equals_pytorch():
    net = Builder("x", (2, 5, 5))
    graph = net.graph(net.average_pool("mean", net.input, kernel=3, stride=2, padding=1, count_include_pad=False))
    inputs = np.random.default_rng(0).normal(size=(3, 2, 5, 5))
    expected = TorchModel(graph)(torch.from_numpy(inputs)).numpy()
    np.testing.assert_allclose(float_reference.run(fold(graph, {}), inputs), expected, rtol=1e-12)


def test_folding_leaves_integer_operators_only():
    network, folded = quantise_residual()[:2]
    assert [layer.op for layer in network.layers] == [
        "conv2d",
        "conv2d",
        "conv2d",
        "add",
        "max_pool",
        "average_pool",
        "linear",
    ]
    assert [n.name for n in folded.graph.nodes if n.attributes.get("fused_relu")] == ["stem", "a", "sum"]
    assert network.output == "fc" and network.layers[3].inputs == ("b", "stem")


def test_folding_keeps_pruned_weights_zero():
    graph = residual_graph()
    parameters = random_parameters(graph, seed=5)
    parameters["a.weight"][:, 1] = 0
    assert not fold(graph, parameters).parameters["a"][0][:, 1].any()


def test_relu_at_the_output_is_a_clamp():
    net = Builder("x", (1, 2, 2))
    graph = net.graph(net.relu("relu", net.linear("fc", net.input, features=3)))
    network, _ = quantise("n", graph, random_parameters(graph, 1), random_data((1, 2, 2)), *uniform())
    output = network.layers[-1].output
    assert network.output == "fc" and output.signed and output.min == 0 == output.zero_point


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"signed_activations": "affine"},
        {"zero_point": 100},
        {"zero_point": 100, "signed_activations": "affine", "weight_bits": 12, "activation_bits": 12},
        {"calibration": "percentile", "percentile": 100.0},
    ],
)
def test_quantised_network_follows_the_float_network(options):
    network, folded, _, _, data = quantise_residual(**options)
    exact = float_reference.run(folded, data.real(data.train.inputs))  # calibrated on these: nothing is clamped
    codes = reference.run(network, data.train.inputs)
    output = network.quantisations()[network.output]
    least = 68 if options.get("activation_bits") == 12 else 45
    assert sqnr_db(exact, (codes - output.zero_point) * output.scale) > least


def test_weights_bias_and_multiplier():
    network, folded, *_ = quantise_residual(zero_point=100)
    meaning = network.quantisations()
    for layer in network.layers:
        if layer.weight is None:
            continue
        weight, bias = folded.parameters[layer.name]
        assert layer.weight.dtype == np.int8 and layer.bias.dtype == np.int32
        assert (np.abs(layer.weight.reshape(len(weight), -1)).max(axis=1) == 127).all()
        scale = layer.weight_scale.reshape(-1, *[1] * (weight.ndim - 1))
        assert (np.abs(layer.weight * scale - weight) <= scale * 0.5000001).all()
        x = meaning[layer.inputs[0]]
        sums = layer.weight.reshape(len(weight), -1).sum(axis=1, dtype=np.int64)
        real_bias = (layer.bias + x.zero_point * sums) * (x.scale * layer.weight_scale)
        assert (np.abs(real_bias - bias) <= x.scale * layer.weight_scale * 0.5000001).all()
        np.testing.assert_array_equal(layer.multiplier, x.scale * layer.weight_scale / layer.output.scale)


def test_channel_without_weights_keeps_its_bias():
    net = Builder("x", (1, 2, 2))
    graph = net.graph(net.linear("fc", net.input, features=3))
    parameters = random_parameters(graph, 1)
    parameters["fc.weight"][0] = 0
    parameters["fc.weight"][1] = 1e-30
    parameters["fc.bias"][:] = [3.0, -2.0, 0.5]
    network, _ = quantise("n", graph, parameters, random_data((1, 2, 2)), *uniform())
    layer = network.layers[0]
    assert not layer.weight[:2].any() and layer.weight[2].any()
    real = reference.run(network, np.zeros((1, 1, 2, 2), np.uint8))[0] * layer.output.scale
    np.testing.assert_allclose(real, [3.0, -2.0, 0.5], atol=layer.output.scale)


def test_calibrated_codes_cover_the_range():
    both = Range(low=-1.0, high=3.0)
    q = affine(both, 8)
    assert (q.min, q.max, q.zero_point, q.signed) == (0, 255, 64, False) and q.scale == 4 / 255
    assert symmetric(both, 8).scale == 3 / 127 and unsigned(Range(0.0, 510.0), 8).scale == 2
    assert unsigned(Range(0.0, 0.0), 8).scale > 0


def test_percentile_ignores_outliers():
    net = Builder("x", (1, 1, 1))
    graph = net.graph(net.relu("relu", net.input))
    inputs = np.arange(1000.0).reshape(-1, 1, 1, 1)
    ranges = calibrate(fold(graph, {}), inputs, lambda x: x, {"calibration": "percentile", "percentile": 99.0})
    assert ranges["relu"].high == 989.0 and ranges["relu"].low == 0.0


def test_float_reference_sums_in_a_fixed_order():
    """1 + 1e16 - 1e16 is 0 from left to right and 1 in any exact or pairwise order."""
    net = Builder("x", (3, 1, 1))
    graph = net.graph(net.linear("fc", net.input, features=1, bias=False))
    parameters = {"fc.weight": np.array([[1.0, 1e16, -1e16]], dtype=np.float32)}
    parameters["fc.weight"][0, 1:] = [2.0**60, -(2.0**60)]
    assert float_reference.run(fold(graph, parameters), np.ones((1, 3, 1, 1)))[0, 0] == 0.0
