# SPDX-License-Identifier: Apache-2.0
"""The integer network computed exactly: what the hardware returns when no ADC clips.

Sums are exact integers; products with a multiplier are one double multiplication each; `rhe` rounds half to even.
"""
import numpy as np

from prune.shapes import windows

_CHUNK = 64  # images at a time, to bound memory
_EXACT = 2**53  # integers below it are exact in float64, and so are sums of them in any order


def rhe(x):
    """Round half to even, as float64."""
    return np.rint(x)


def run(network, inputs):
    """Stored codes of the network's output, (N, outputs) int64, for stored input codes (N, C, H, W)."""
    chunks = [run_all(network, inputs[i : i + _CHUNK])[network.output] for i in range(0, len(inputs), _CHUNK)]
    return np.concatenate(chunks).reshape(len(inputs), -1)


def run_all(network, inputs):
    """Stored codes of every layer (and of the input), by name, each (N, C, H, W) int64."""
    values = {network.input.name: inputs.astype(np.int64)}
    quantisations = network.quantisations()
    for layer in network.layers:
        operands = [(values[name], quantisations[name]) for name in layer.inputs]
        values[layer.name] = _OPERATORS[layer.op](layer, *operands)
    return values


def accuracy(logits, labels):
    """Fraction of rows whose largest logit stands at the label; ties go to the lowest index."""
    return float(np.mean(np.argmax(logits, axis=1) == labels))


def _store(layer, real):
    """clamp(rhe(real) + zero point); the clamp comes first on the float side, where nothing can overflow."""
    q = layer.output
    return np.clip(rhe(real), q.min - q.zero_point, q.max - q.zero_point).astype(np.int64) + q.zero_point


def _matmul(x, w):
    """Exact x @ w of integers; float64 (and so BLAS) where no partial sum can leave its exact range."""
    bound = int(np.abs(x).max(initial=0)) * int(np.abs(w).max(initial=0)) * x.shape[-1]
    if bound < _EXACT:
        return (x.astype(np.float64) @ w.astype(np.float64)).astype(np.int64)
    return x @ w


def _requantise(layer, acc):
    """Codes (..., Cout) of accumulators (..., Cout)."""
    return _store(layer, (acc + layer.bias).astype(np.float64) * layer.multiplier)


def _conv2d(layer, operand):
    x, q = operand
    cout, _, kh, kw = layer.weight.shape
    fields = windows(x, (kh, kw), layer.attributes["stride"], layer.attributes["padding"], fill=q.zero_point)
    n, _, oh, ow = fields.shape[:4]
    rows = fields.transpose(0, 2, 3, 1, 4, 5).reshape(n, oh * ow, -1)
    acc = _matmul(rows, layer.weight.reshape(cout, -1).T.astype(np.int64))
    return _requantise(layer, acc).transpose(0, 2, 1).reshape(n, cout, oh, ow)


def _linear(layer, operand):
    x, _ = operand
    acc = _matmul(x.reshape(len(x), -1), layer.weight.T.astype(np.int64))
    return _requantise(layer, acc)[:, :, np.newaxis, np.newaxis]


def _relu(layer, operand):
    x, q = operand
    return np.maximum(x, q.zero_point)


def _max_pool(layer, operand):
    x, _ = operand
    a = layer.attributes
    return windows(x, a["kernel"], a["stride"], a["padding"], fill=np.iinfo(np.int64).min).max(axis=(4, 5))


def _average_pool(layer, operand):
    x, q = operand
    a = layer.attributes
    shape = a["kernel"], a["stride"], a["padding"]
    total = windows(x - q.zero_point, *shape, fill=0).sum(axis=(4, 5)).astype(np.float64)
    if a["count_include_pad"]:
        return _store(layer, total * a["multiplier"])
    valid = windows(np.ones_like(x), *shape, fill=0).sum(axis=(4, 5)).astype(np.float64)
    area = float(a["kernel"][0] * a["kernel"][1])
    return _store(layer, total * ((a["multiplier"] * area) / valid))


def _add(layer, a, b):
    (xa, qa), (xb, qb) = a, b
    ma, mb = layer.attributes["multipliers"]
    return _store(layer, (xa - qa.zero_point) * ma + (xb - qb.zero_point) * mb)


def _requantise_layer(layer, operand):
    x, q = operand
    return _store(layer, (x - q.zero_point) * layer.attributes["multiplier"])


_OPERATORS = {
    "conv2d": _conv2d,
    "linear": _linear,
    "relu": _relu,
    "max_pool": _max_pool,
    "average_pool": _average_pool,
    "add": _add,
    "requantise": _requantise_layer,
}
