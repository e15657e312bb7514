# SPDX-License-Identifier: Apache-2.0
"""The integer reference against plain loops and against PyTorch."""
import numpy as np
import prune_slow_reference as slow
import pytest
from prune_samples import codes_of_layers, quantise_residual

from prune import reference
from prune.quantised import Input, Layer, Quantisation, QuantisedNetwork, code_range

torch = pytest.importorskip("torch", reason="the comparison needs PyTorch")

U8 = Quantisation.full(8, False, 0.1, 0)


@pytest.mark.parametrize(
    "x, rounded",
    [
        (0.5, 0),
        (1.5, 2),
        (2.5, 2),
        (-0.5, 0),
        (-1.5, -2),
        (-2.5, -2),
        (0.49999999999999994, 0),
        (2.5000000000000004, 3),
    ],
)
def test_rhe_rounds_half_to_even(x, rounded):
    assert reference.rhe(x) == rounded


def make_layer(op, rng, source, inputs=("image",), attributes=None, output=None, weight_shape=None):
    output = output or random_quantisation(rng)
    tensors = {}
    if weight_shape:
        cout = weight_shape[0]
        tensors = {
            "magnitude_bits": 7,
            "weight": rng.integers(-127, 128, size=weight_shape).astype(np.int8),
            "bias": rng.integers(-5000, 5000, size=cout).astype(np.int32),
            "multiplier": rng.uniform(1e-4, 5e-3, size=cout),
            "weight_scale": np.ones(cout),
        }
    return Layer(op, op, inputs, attributes or {}, output, **tensors)


def random_quantisation(rng):
    signed = bool(rng.integers(2))
    bits = int(rng.choice([4, 8, 16]))
    low, high = code_range(bits, signed)
    zero_point = int(rng.integers(low // 2, high // 2 + 1))
    return Quantisation(bits, signed, 0.1, zero_point, low + 1, high - 1)


def check_against_loops(network, rng, samples=2):
    low, high = code_range(network.input.quantisation.bits, network.input.quantisation.signed)
    inputs = rng.integers(low, high + 1, size=(samples, *network.input.shape))
    values = codes_of_layers(network, inputs)
    shapes = network.shapes()
    for index in range(samples):
        for name, codes in slow.run(network, inputs[index]).items():
            assert slow.size(codes) == shapes[name]
            expected = np.array([codes[key] for key in sorted(codes)]).reshape(shapes[name])
            np.testing.assert_array_equal(values[name][index], expected, err_msg=name)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("op", ["conv2d", "linear", "relu", "max_pool", "average_pool", "subsample", "requantise"])
def test_operators_equal_plain_loops(op, seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(1, [4, 7, 7]))
    source = random_quantisation(rng)
    attributes, weight_shape, output = {}, None, None
    kernel = [int(rng.integers(1, n + 1)) for n in shape[1:]]
    window = {
        "stride": [int(n) for n in rng.integers(1, 3, size=2)],
        "padding": [int(rng.integers(0, kernel[i % 2])) for i in range(4)],
    }
    if op == "conv2d":
        attributes, weight_shape = window, (3, shape[0], *kernel)
    elif op == "linear":
        weight_shape = (3, int(np.prod(shape)))
    elif op in ("relu", "max_pool", "subsample"):
        output = source
        padding = [int(n) for n in rng.integers(0, 3, size=2)]
        attributes = {
            "relu": {},
            "max_pool": {"kernel": kernel, **window},
            "subsample": {"stride": window["stride"], "channel_padding": padding},
        }[op]
    elif op == "average_pool":
        include = bool(rng.integers(2))
        attributes = {
            "kernel": kernel,
            **window,
            "count_include_pad": include,
            "multiplier": float(rng.uniform(0.01, 0.4)),
        }
    elif op == "requantise":
        attributes = {"multiplier": float(rng.choice([0.5, 0.25, 1.3]))}  # halves make ties
    layer = make_layer(op, rng, source, attributes=attributes, weight_shape=weight_shape, output=output)
    check_against_loops(QuantisedNetwork("one", Input("image", shape, source), op, (layer,)), rng)


def test_average_pool_rounds_its_multiplier_from_left_to_right():
    """(M * 9) / 6 makes the sum a tie, 3.5; M * (9 / 6) and (sum * M) * 9 / 6 stay one step below it."""
    pool = {
        "kernel": [3, 3],
        "stride": [1, 1],
        "padding": [1, 0, 0, 0],
        "count_include_pad": False,
        "multiplier": 1 / 207,
    }
    layer = Layer("mean", "average_pool", ("image",), pool, U8)
    inputs = np.array([80, 80, 80, 81, 81, 81]).reshape(1, 1, 2, 3)
    assert reference.run(QuantisedNetwork("n", Input("image", (1, 2, 3), U8), "mean", (layer,)), inputs).tolist() == [
        [4]
    ]


@pytest.mark.parametrize("seed", range(6))
def test_add_equals_plain_loops(seed):
    rng = np.random.default_rng(seed)
    source = random_quantisation(rng)
    first = make_layer("requantise", rng, source, attributes={"multiplier": 0.7})
    multipliers = [float(m) for m in rng.choice([0.5, 0.25, 0.37], size=2)]
    second = make_layer("add", rng, source, ("image", "requantise"), {"multipliers": multipliers})
    check_against_loops(QuantisedNetwork("two", Input("image", (2, 3, 3), source), "add", (first, second)), rng)


@pytest.mark.parametrize("options", [{}, {"signed_activations": "affine"}, {"zero_point": 9}, {"weight_bits": 9}])
def test_residual_network_equals_plain_loops(options):
    network = quantise_residual(**options)[0]
    check_against_loops(network, np.random.default_rng(1))


def test_padding_inserts_the_zero_point():
    layer = Layer(
        "conv", "conv2d", ("image",), {"stride": [1, 1], "padding": [1, 1, 1, 1]}, Quantisation.full(16, False, 1.0, 0),
        7, np.ones((1, 1, 3, 3), np.int8), np.zeros(1, np.int32), np.ones(1), np.ones(1),
    )  # fmt: skip
    network = QuantisedNetwork("pad", Input("image", (1, 1, 1), Quantisation.full(8, False, 1.0, 5)), "conv", (layer,))
    assert reference.run(network, np.array([[[[7]]]])).tolist() == [[7 + 8 * 5]]


def test_convolution_equals_pytorch():
    rng = np.random.default_rng(4)
    weight = rng.integers(-127, 128, size=(6, 5, 3, 2)).astype(np.int8)
    layer = Layer(
        "conv", "conv2d", ("image",), {"stride": [2, 1], "padding": [1, 0, 1, 0]}, Quantisation.full(16, True, 1.0, 0),
        7, weight, np.zeros(6, np.int32), np.full(6, 2.0**-7), np.ones(6),
    )  # fmt: skip
    inputs = rng.integers(0, 256, size=(3, 5, 9, 8), dtype=np.uint8)
    actual = codes_of_layers(QuantisedNetwork("c", Input("image", (5, 9, 8), U8), "conv", (layer,)), inputs)["conv"]
    acc = torch.nn.functional.conv2d(
        torch.from_numpy(inputs.astype(np.float64)),
        torch.from_numpy(weight.astype(np.float64)),
        stride=(2, 1),
        padding=(1, 0),
    )
    np.testing.assert_array_equal(actual, torch.round(acc / 128).numpy().astype(np.int64))


def test_sums_beyond_float64_stay_exact():
    x, w = np.array([[2**40, 1]]), np.array([[2**20], [1]])
    assert reference._matmul(x, w).tolist() == [[2**60 + 1]]


def test_accuracy_gives_ties_to_the_lowest_index():
    assert reference.accuracy(np.array([[3, 3, 1], [1, 2, 2]]), np.array([0, 2])) == 0.5
