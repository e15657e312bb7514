# SPDX-License-Identifier: Apache-2.0
"""Small networks and data for the tests of the front end."""
import numpy as np

from prune import graph as graphs, reference
from prune.data import DataSet, Split
from prune.quantise import OPTIONS, quantise
from prune.schemes import SCHEMES


def defaults(options, **changes):
    """Values of declared options: their defaults, and `changes`."""
    return {**{option.name: option.default for option in options}, **changes}


def uniform(**changes):
    """The scheme `uniform` and the options of quantisation: their defaults, and `changes`."""
    return with_scheme("uniform", **changes)


def with_scheme(name, **changes):
    scheme = SCHEMES.get(name)
    return scheme, defaults((*OPTIONS, *scheme.options), **changes)


def residual_graph():
    """Every float operator once or more: a residual block with average pooling and a linear layer."""
    net = graphs.Builder("image", (2, 6, 6))
    x = net.conv2d("stem", net.input, channels=4, kernel=3, padding=1, bias=False)
    x = net.relu("stem_relu", net.batch_norm("stem_norm", x))
    y = net.batch_norm("a_norm", net.conv2d("a", x, channels=4, kernel=3, padding=1, bias=False))
    y = net.conv2d("b", net.relu("a_relu", y), channels=4, kernel=3, padding=1)
    x = net.relu("sum_relu", net.add("sum", y, x))
    x = net.average_pool("mean", net.max_pool("pool", x, kernel=3, stride=2, padding=1), kernel=2, padding=1)
    return net.graph(net.linear("fc", x, features=5))


def codes_of_layers(network, inputs):
    """What the integer reference gives for the input and every layer, by name, (N, C, H, W)."""
    seen = {}
    reference.run(network, inputs, observe=lambda name, codes: seen.setdefault(name, []).append(codes))
    return {name: np.concatenate(batches) for name, batches in seen.items()}


def random_parameters(graph, seed):
    """Parameters of the right shapes, with the spread of a trained network."""
    rng = np.random.default_rng(seed)
    result = {}
    for name, shape in graph.parameter_shapes().items():
        values = rng.normal(size=shape) * (0.3 if len(shape) > 1 else 0.5)
        if name.endswith("running_var") or (len(shape) == 1 and name.endswith(".weight")):
            values = rng.uniform(0.5, 1.5, size=shape)
        result[name] = values.astype(np.float32)
    return result


def random_data(shape, seed=3, samples=24, classes=5, zero_point=0):
    rng = np.random.default_rng(seed)

    def split():
        inputs = rng.integers(0, 256, size=(samples, *shape), dtype=np.uint8)
        return Split(inputs, rng.integers(0, classes, size=samples).astype(np.uint8))

    return DataSet("random", "random numbers", 8, 2 / 255, zero_point, split(), split())


def quantise_residual(zero_point=0, **options):
    graph = residual_graph()
    parameters = random_parameters(graph, seed=7)
    data = random_data(graph.input_shape, zero_point=zero_point)
    network, folded = quantise("residual", graph, parameters, data, *uniform(**options))
    return network, folded, graph, parameters, data
