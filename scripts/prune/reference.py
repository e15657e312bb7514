# SPDX-License-Identifier: Apache-2.0
"""The integer network computed exactly: what the hardware returns when no ADC clips.

Sums are exact integers; products with a multiplier are one double multiplication each; `rhe` rounds half to even.
"""
import numpy as np

from prune import convolution, evaluation
from prune.shapes import subsampled, windows

_MOST_SAMPLES = 32  # at a time: values stay in the processor's cache
_BLOCK_BYTES = 32 * 2**20  # of a linear layer's weights that are converted at a time


def rhe(x, out=None):
    """Round half to even, as float64, into `out` if given."""
    return np.rint(x, out=out)


def run(network, inputs, convolve=convolution.by_numpy, observe=lambda name, codes: None, codes_of=lambda inputs: inputs):
    """Stored codes of the network's output, (N, outputs) int64, for stored input codes (N, C, H, W).

    `convolve` sums as `prune.convolution.by_numpy` does; all that is exact gives the same codes. `observe` is called
    with the name and the codes (n, C, H, W) int64 of the input and of every layer, batch by batch. `codes_of` makes input codes of a
    batch of `inputs`, if these are something else.
    """
    quantisations = network.quantisations()

    def compute(layer, operands):
        operands = [(values, quantisations[name]) for name, values in zip(layer.inputs, operands)]
        result = _conv2d(layer, convolve, *operands) if layer.op == "conv2d" else _OPERATORS[layer.op](layer, *operands)
        observe(layer.name, result)
        return result

    step = evaluation.samples_at_a_time(
        network.layers, network.input.name, network.shapes(), network.output, _MOST_SAMPLES, np.dtype(np.int64).itemsize
    )
    outputs = []
    for first in range(0, len(inputs), step):
        codes = codes_of(inputs[first : first + step]).astype(np.int64)
        observe(network.input.name, codes)
        outputs.append(evaluation.walk(network.layers, {network.input.name: codes}, network.output, compute))
    return np.concatenate(outputs).reshape(len(inputs), -1)


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
    x = x.reshape(len(x), -1)
    rows = max(1, _BLOCK_BYTES // (8 * layer.weight.shape[1]))
    blocks = [_matmul(x, layer.weight[i : i + rows].T) for i in range(0, len(layer.weight), rows)]
    return _requantise(layer, np.concatenate(blocks, axis=1)[:, :, np.newaxis, np.newaxis])


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
    valid = windows(np.ones_like(x[:1, :1]), *shape, fill=0).sum(axis=(4, 5)).astype(np.float64)
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
