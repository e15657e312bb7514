# SPDX-License-Identifier: Apache-2.0
"""subsample and normalise on their way from the float network into a bundle, and weights as they were trained."""
import dataclasses

import numpy as np
import prune_slow_reference as slow
import pytest
from prune_samples import codes_of_layers, random_data, random_parameters, uniform, with_scheme

from prune import float_reference, preparation
from prune.bundle import Bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.errors import UserError
from prune.graph import Builder
from prune.quantise import quantise
from prune.quantise.fold import fold
from prune.schemes import SCHEMES

MEAN, DEVIATION = (0.4, 0.5), (0.25, 0.2)


def shortcut_graph():
    """A normalised input and a residual block with a parameter-free shortcut (He et al., 2016, option A)."""
    net = Builder("image", (2, 6, 5))
    x = net.normalise("normalise", net.input, MEAN, DEVIATION)
    x = net.relu("stem_relu", net.batch_norm("stem_norm", net.conv2d("stem", x, 4, 3, padding=1, bias=False)))
    y = net.batch_norm("a_norm", net.conv2d("a", x, 7, 3, stride=2, padding=1, bias=False))
    short = net.subsample("short", x, stride=2, channel_padding=(1, 2))
    x = net.relu("sum_relu", net.add("sum", y, short))
    return net.graph(net.linear("fc", net.average_pool("pool", x, kernel=3), features=5))


def made(*scheme):
    """(network, folded, graph, parameters, data) with factors of batch normalisation of both signs, and a zero."""
    graph, data = shortcut_graph(), random_data((2, 6, 5))
    parameters = random_parameters(graph, seed=4)
    parameters["stem_norm.weight"][:2] *= -1
    parameters["a_norm.weight"][3] = 0
    network, folded = quantise("shortcut", graph, parameters, data, *(scheme or uniform()))
    return network, folded, graph, parameters, data


def test_float_network_equals_pytorch():
    torch = pytest.importorskip("torch", reason="the comparison needs PyTorch")
    from prune.torch_model import TorchModel

    _, folded, graph, parameters, data = made()
    model = TorchModel(graph).eval()
    model.load(parameters)
    inputs = data.real(data.train.inputs)
    with torch.no_grad():
        expected = model(torch.from_numpy(inputs.astype(np.float32))).numpy()
    np.testing.assert_allclose(float_reference.run(folded, inputs), expected, rtol=1e-4, atol=1e-4)


def test_normalise_becomes_the_meaning_of_the_input_codes():
    network, folded, _, _, data = made()
    assert [layer.op for layer in network.layers] == ["conv2d", "conv2d", "subsample", "add", "average_pool", "linear"]
    assert network.layers[0].inputs == ("image",)
    q = network.input.quantisation
    codes = folded.preparation.codes(data, data.train.inputs, q)
    real = (data.real(data.train.inputs) - np.reshape(MEAN, (2, 1, 1))) / np.reshape(DEVIATION, (2, 1, 1))
    assert codes.dtype == np.uint8 and (q.bits, q.signed) == (8, False)
    assert np.abs((codes.astype(int) - q.zero_point) * q.scale - real).max() <= q.scale  # both ends may round
    low, high = (0 - 0.5) / 0.2, (2 - 0.5) / 0.2  # data codes stand for 0..2
    np.testing.assert_allclose([q.scale, q.zero_point * q.scale], [(high - low) / 255, -low], atol=q.scale / 2)


@pytest.mark.parametrize("scheme", SCHEMES.names())
def test_integer_network_equals_plain_loops_and_follows_the_float_network(scheme):
    network, folded, _, _, data = made(*with_scheme(scheme))
    codes = folded.preparation.codes(data, data.train.inputs, network.input.quantisation)
    values = codes_of_layers(network, codes)
    for name, expected in slow.run(network, codes[0]).items():
        assert values[name][0].ravel().tolist() == [expected[key] for key in sorted(expected)], name
    real = values[network.output].reshape(len(codes), -1) * network.layers[-1].output.scale
    exact = float_reference.run(folded, data.real(data.train.inputs))
    error = np.sqrt(np.mean((real - exact) ** 2) / np.mean(exact**2))
    assert error < {"uniform": 0.02, "s_window": 0.1}.get(scheme, 0.5)


@pytest.mark.parametrize("scheme", [n for n in SCHEMES.names() if SCHEMES.get(n).has_pattern])
def test_a_pattern_belongs_to_the_weights_as_trained(scheme):
    chosen, options = with_scheme(scheme)
    network, folded, _, parameters, _ = made(chosen, options)
    for layer in network.layers:
        if layer.weight is None:
            continue
        projected = chosen.project(parameters[f"{layer.name}.weight"].astype(np.float64), options)
        factor = folded.trained[layer.name][1]
        signs = np.sign(factor).reshape(-1, *[1] * (layer.weight.ndim - 1))
        np.testing.assert_array_equal(layer.weight, projected.codes * signs)
        assert layer.weight.dtype == np.int8 if layer.magnitude_bits < 8 else np.int16
        used = factor != 0
        np.testing.assert_allclose(layer.weight_scale[used], (projected.step * np.abs(factor))[used], rtol=1e-15)


def test_a_channel_that_normalisation_switches_off_gives_its_bias():
    network, folded, _, _, data = made(*with_scheme("s_window"))
    layer = network.layers[1]
    assert layer.name == "a" and not layer.weight[3].any() and (layer.multiplier > 0).all()
    codes = folded.preparation.codes(data, data.train.inputs, network.input.quantisation)
    values = codes_of_layers(network, codes)["a"][:, 3]
    expected = folded.parameters["a"][1][3] / layer.output.scale + layer.output.zero_point
    assert np.abs(values - expected).max() <= 0.5000001


def test_a_bias_that_dwarfs_its_weights_still_fits():
    graph, data = shortcut_graph(), random_data((2, 6, 5))
    parameters = random_parameters(graph, seed=4)
    parameters["a_norm.weight"][2] = 1e-20
    network, folded = quantise("n", graph, parameters, data, *with_scheme("s_window"))
    layer = network.layers[1]
    real = layer.bias[2] * layer.multiplier[2] * layer.output.scale
    np.testing.assert_allclose(real, folded.parameters["a"][1][2], rtol=1e-6)


def test_bit_sparsity_counts_the_zeros_of_each_bit():
    network = made(*with_scheme("s_window"))[0]
    total, by_layer = network.bit_sparsity()
    weights = np.concatenate([np.abs(w.astype(int)).ravel() for w in network.weights().values()])
    texts = [f"{code:08b}" for code in weights]
    assert total == pytest.approx([sum(t[i] == "0" for t in texts) / len(texts) for i in range(8)], abs=1e-15)
    assert list(by_layer) == ["stem", "a", "fc"] and all(len(planes) == 8 for planes in by_layer.values())


def test_survives_a_bundle(tmp_path):
    network, _, _, _, _ = made()
    write_bundle(Bundle(network, {"source": "random numbers"}), tmp_path)
    read = read_bundle(tmp_path).network
    assert [dataclasses.replace(l, weight=None, bias=None, multiplier=None, weight_scale=None) for l in read.layers] == [
        dataclasses.replace(l, weight=None, bias=None, multiplier=None, weight_scale=None) for l in network.layers
    ]
    text = (tmp_path / "network.yaml").read_text()
    assert "attributes: {stride: [2, 2], channel_padding: [1, 2]}" in text and "normalise" not in text


BROKEN = {
    "other scale": ("scale: [0-9.]+, zero_point: 0, min: 0", "scale: 0.5, zero_point: 0, min: 0", "must be those of"),
    "negative channels": (r"channel_padding: \[1, 2\]", "channel_padding: [-1, 2]", "is not a list of 2 whole numbers"),
    "one channel": (r"channel_padding: \[1, 2\]", "channel_padding: [1]", "is not a list of 2 whole numbers >= 0"),
    "no stride": (r"stride: \[2, 2\], channel_padding", "channel_padding", "key 'stride' is missing"),
    "with padding": (r"channel_padding: \[1, 2\]", "channel_padding: [1, 2], padding: [0, 0, 0, 0]", "unknown key"),
    "other shape": (r"channel_padding: \[1, 2\]", "channel_padding: [1, 3]", "cannot add shapes"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_spoiled_subsample_is_refused(tmp_path, fault):
    import re

    network = made()[0]
    write_bundle(Bundle(network, {"source": "random numbers"}), tmp_path)
    old, new, message = BROKEN[fault]
    text = (tmp_path / "network.yaml").read_text()
    place = text.index("name: short")
    (tmp_path / "network.yaml").write_text(text[:place] + re.sub(old, new, text[place:], count=1))
    with pytest.raises(UserError, match=re.escape(message)):
        read_bundle(tmp_path)


def behind_relu(net):
    return net.normalise("late", net.relu("r", net.input), (0.5,), (0.5,))


def beside_the_input(net):
    return net.add("sum", net.normalise("n", net.input, (0.5,), (0.5,)), net.input)


@pytest.mark.parametrize("body", [behind_relu, beside_the_input])
def test_normalise_elsewhere_is_refused(body):
    net = Builder("x", (1, 4, 4))
    with pytest.raises(UserError, match="normalise must be the only layer that reads the network's input"):
        net.graph(body(net))


def test_preparation_comes_back_from_its_record():
    kept = preparation.Preparation(MEAN, DEVIATION)
    assert preparation.from_record(kept.record(), 2, "x") == kept
    assert preparation.from_record({}, 2, "x") == preparation.Preparation()
    for record, message in [
        ({"mean": [0.1]}, "mean: .* is not a list of 2 numbers"),
        ({"mean": [0.1, 0.2], "deviation": [1.0, 0.0]}, "deviation: .* is not a list of 2 positive"),
        ({**kept.record(), "more": 1}, "unknown key 'more'"),
    ]:
        with pytest.raises(UserError, match=message):
            preparation.from_record(record, 2, "x")
