# SPDX-License-Identifier: Apache-2.0
"""The float network in NumPy, with the same result on every machine.

Every sum is taken term by term in a fixed order, with separate multiplications and additions, so no vector width,
BLAS or fused instruction shows in the result. That makes calibration, and with it the exported bytes, portable.
"""
import numpy as np

from prune import evaluation
from prune.preparation import Preparation
from prune.shapes import subsampled, windows

_MOST_SAMPLES = 16  # at a time: the accumulators of a layer stay in the processor's cache


def run(network, inputs, observe=lambda name, values: None, real=lambda inputs: inputs):
    """Output (N, outputs) float64 of a `prune.quantise.fold.Folded` or `unfolded` network for real inputs (N, C, H, W).

    `observe` is called with the name and the values (n, C, H, W) of the prepared input and of every layer, batch by
    batch. `real` makes real values of a batch of `inputs`, if these are something else.
    """
    graph = network.graph

    def compute(node, operands):
        result = _OPERATORS[node.op](node, network.parameters, *operands)
        result = np.maximum(result, 0.0) if node.attributes.get("fused_relu") else result
        observe(node.name, result)
        return result

    step = evaluation.samples_at_a_time(
        graph.nodes, graph.input, graph.shapes(), graph.output, _MOST_SAMPLES, np.dtype(np.float64).itemsize
    )
    outputs = []
    for first in range(0, len(inputs), step):
        values = network.preparation.real(real(inputs[first : first + step]))
        observe(graph.input, values)
        outputs.append(evaluation.walk(graph.nodes, {graph.input: values}, graph.output, compute))
    return np.concatenate(outputs).reshape(len(inputs), -1)


def batch_norm(node, parameters):
    """(factor, mean, beta) of a trained batch_norm, which gives (x - mean) * factor + beta; each (C,) float64."""
    gamma, beta, mean, variance = (
        parameters[f"{node.name}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    return gamma / np.sqrt(variance + node.attributes["epsilon"]), mean, beta


def _fields(node, x, fill):
    a = node.attributes
    return windows(x, a["kernel"], a["stride"], (*a["padding"], *a["padding"]), fill)


def _ordered_matmul(weight, columns, size):
    """weight (M, K) times K columns of `size` values, one after the other, summed over k = 0, 1, ... in this order."""
    acc = np.zeros((len(weight), size))
    product = np.empty_like(acc)
    for k, column in enumerate(columns):
        np.multiply(weight[:, k, np.newaxis], column, out=product)
        acc += product
    return acc


def _conv2d(node, parameters, x):
    weight, bias = parameters[node.name]
    fields = _fields(node, x, 0.0)
    n, channels, oh, ow, kh, kw = fields.shape
    columns = (fields[:, c, :, :, i, j].ravel() for c, i, j in np.ndindex(channels, kh, kw))
    acc = _ordered_matmul(weight.reshape(len(weight), -1), columns, n * oh * ow) + bias[:, np.newaxis]
    return acc.reshape(len(weight), n, oh, ow).transpose(1, 0, 2, 3)


def _linear(node, parameters, x):
    weight, bias = parameters[node.name]
    columns = np.ascontiguousarray(x.reshape(len(x), -1).T)
    return (_ordered_matmul(weight, columns, len(x)).T + bias)[:, :, np.newaxis, np.newaxis]


def _batch_norm(node, parameters, x):
    factor, mean, beta = (values.reshape(-1, 1, 1) for values in parameters[node.name])
    return (x - mean) * factor + beta


def _normalise(node, parameters, x):
    return Preparation(node.attributes["mean"], node.attributes["deviation"]).real(x)


def _average_pool(node, parameters, x):
    ones = np.ones((1, 1, *x.shape[2:]))
    count = float(np.prod(node.attributes["kernel"]))
    if not node.attributes["count_include_pad"]:
        count = _ordered_window_sum(node, ones)
    return _ordered_window_sum(node, x) / count


def _ordered_window_sum(node, x):
    fields = _fields(node, x, 0.0)
    acc = np.zeros(fields.shape[:4])
    for i, j in np.ndindex(*fields.shape[4:]):
        acc += fields[..., i, j]
    return acc


def _subsample(node, parameters, x):
    return subsampled(x, node.attributes["stride"], node.attributes["channel_padding"], 0.0)


_OPERATORS = {
    "conv2d": _conv2d,
    "linear": _linear,
    "batch_norm": _batch_norm,
    "normalise": _normalise,
    "relu": lambda node, parameters, x: np.maximum(x, 0.0),
    "subsample": _subsample,
    "add": lambda node, parameters, a, b: a + b,
    "max_pool": lambda node, parameters, x: _fields(node, x, -np.inf).max(axis=(4, 5)),
    "average_pool": _average_pool,
}
