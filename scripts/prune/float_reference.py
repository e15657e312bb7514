# SPDX-License-Identifier: Apache-2.0
"""The float network in NumPy, with the same result on every machine.

Every sum is taken term by term in a fixed order, with separate multiplications and additions, so no vector width,
BLAS or fused instruction shows in the result. That makes calibration, and with it the exported bytes, portable.
"""
import numpy as np

from prune.preparation import Preparation
from prune.shapes import subsampled, windows

_CHUNK = 16  # images at a time: the accumulators of a layer stay in the processor's cache


def run(network, inputs, observe=lambda name, values: None):
    """Output (N, outputs) float64 of a `prune.quantise.fold.Folded` or `unfolded` network for real inputs (N, C, H, W).

    `observe` is called with the name and the values (n, C, H, W) of the prepared input and of every layer, chunk by
    chunk.
    """
    outputs = []
    for start in range(0, len(inputs), _CHUNK):
        values = {network.graph.input: network.preparation.real(inputs[start : start + _CHUNK])}
        observe(network.graph.input, values[network.graph.input])
        for node in network.graph.nodes:
            operands = [values[name] for name in node.inputs]
            result = _OPERATORS[node.op](node, network.parameters, *operands)
            values[node.name] = np.maximum(result, 0.0) if node.attributes.get("fused_relu") else result
            observe(node.name, values[node.name])
        outputs.append(values[network.graph.output])
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


def _ordered_matmul(weight, columns):
    """weight (M, K) times columns (K, P), summed over k = 0, 1, ... in this order."""
    acc = np.zeros((weight.shape[0], columns.shape[1]))
    product = np.empty_like(acc)
    for k in range(weight.shape[1]):
        np.multiply(weight[:, k, np.newaxis], columns[k], out=product)
        acc += product
    return acc


def _conv2d(node, parameters, x):
    weight, bias = parameters[node.name]
    fields = _fields(node, x, 0.0)
    n, _, oh, ow, _, _ = fields.shape
    columns = np.ascontiguousarray(fields.transpose(1, 4, 5, 0, 2, 3)).reshape(-1, n * oh * ow)
    acc = _ordered_matmul(weight.reshape(len(weight), -1), columns) + bias[:, np.newaxis]
    return acc.reshape(len(weight), n, oh, ow).transpose(1, 0, 2, 3)


def _linear(node, parameters, x):
    weight, bias = parameters[node.name]
    columns = np.ascontiguousarray(x.reshape(len(x), -1).T)
    return (_ordered_matmul(weight, columns).T + bias)[:, :, np.newaxis, np.newaxis]


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
