# SPDX-License-Identifier: Apache-2.0
"""The integer network computed exactly: what the hardware returns when no ADC clips.

Sums are exact integers; products with a multiplier are one double multiplication each; `rhe` rounds half to even.
"""
import numpy as np

from prune import convolution
from prune.shapes import subsampled, windows

_CHUNK = 32  # images at a time, to bound memory and stay in the processor's cache


def rhe(x, out=None):
    """Round half to even, as float64, into `out` if given."""
    return np.rint(x, out=out)


def run(network, inputs, convolve=convolution.by_numpy):
    """Stored codes of the network's output, (N, outputs) int64, for stored input codes (N, C, H, W).

    `convolve` sums as `prune.convolution.by_numpy` does; all that is exact gives the same codes.
    """
    chunks = [run_all(network, inputs[i : i + _CHUNK], convolve)[network.output] for i in range(0, len(inputs), _CHUNK)]
    return np.concatenate(chunks).reshape(len(inputs), -1)


def run_all(network, inputs, convolve=convolution.by_numpy):
    """Stored codes of every layer (and of the input), by name, each (N, C, H, W) int64."""
    values = {network.input.name: inputs.astype(np.int64)}
    quantisations = network.quantisations()
    for layer in network.layers:
        operands = [(values[name], quantisations[name]) for name in layer.inputs]
        if layer.op == "conv2d":
            values[layer.name] = _conv2d(layer, convolve, *operands)
        else:
            values[layer.name] = _OPERATORS[layer.op](layer, *operands)
    return values


def right(logits, labels):
    """Whether the largest logit of a row stands at the label; ties go to the lowest index."""
    return np.argmax(logits, axis=1) == labels


def accuracy(logits, labels):
    """Fraction of the rows that are right."""
    return float(np.mean(right(logits, labels)))


def _store(layer, real):
    """clamp(rhe(real) + zero point), overwriting `real`; the clamp comes first, on the float side."""
    q = layer.output
    real = np.maximum(rhe(real, out=real), float(q.min - q.zero_point), out=real)
    codes = np.minimum(real, float(q.max - q.zero_point), out=real).astype(np.int64)
    return np.add(codes, q.zero_point, out=codes)


def _matmul(x, w):
    """Exact x @ w of integers as int64, through BLAS where it is exact."""
    dtype = convolution.exact_type(np.abs(x).max(initial=0), w)
    return (x.astype(dtype, copy=False) @ w.astype(dtype)).astype(np.int64)


def _requantise(layer, acc):
    """Codes (N, Cout, OH, OW) of exact sums of this shape, in any type."""
    bias, multiplier = (per_channel.reshape(-1, 1, 1) for per_channel in (layer.bias, layer.multiplier))
    acc = acc + (bias if acc.dtype == np.int64 else bias.astype(np.float64))  # exact: the type is double, or wider
    return _store(layer, acc.astype(np.float64, copy=False) * multiplier)


def _conv2d(layer, convolve, operand):
    x, q = operand
    a = layer.attributes
    return _requantise(layer, convolve(x, layer.weight, a["stride"], a["padding"], q.zero_point))


def _linear(layer, operand):
    x, _ = operand
    acc = _matmul(x.reshape(len(x), -1), layer.weight.T.astype(np.int64))
    return _requantise(layer, acc[:, :, np.newaxis, np.newaxis])


def _relu(layer, operand):
    x, q = operand
    return np.maximum(x, q.zero_point)


def _subsample(layer, operand):
    x, q = operand
    return subsampled(x, layer.attributes["stride"], layer.attributes["channel_padding"], q.zero_point)


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
    "linear": _linear,
    "relu": _relu,
    "subsample": _subsample,
    "max_pool": _max_pool,
    "average_pool": _average_pool,
    "add": _add,
    "requantise": _requantise_layer,
}
