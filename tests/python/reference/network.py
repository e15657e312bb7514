# SPDX-License-Identifier: Apache-2.0
"""Bundles, the network graph and its integer operators, in plain NumPy.

Feature maps are int64 arrays of stored codes with the shape [images, channels, height, width]. A layer that works on
crossbars is evaluated either as a direct integer convolution (the integer reference) or through `hardware`.
"""
from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import yaml

import hardware as hw
import mapping as mp

CROSSBAR_OPS = ("conv2d", "linear")
TENSOR_KEYS = ("weight", "bias", "multiplier", "weight_scale")


@dataclass(frozen=True)
class Codes:
    """How a tensor's stored codes are to be read; minimum and maximum are the clamp of the layer that makes it."""

    bits: int
    signed: bool
    scale: float
    zero_point: int
    minimum: int
    maximum: int

    @property
    def lowest(self):
        return -(2 ** (self.bits - 1)) if self.signed else 0

    @property
    def highest(self):
        return 2 ** (self.bits - 1) - 1 if self.signed else 2**self.bits - 1

    @property
    def dtype(self):
        return np.dtype(("int" if self.signed else "uint") + ("8" if self.bits <= 8 else "16"))


@dataclass
class Layer:
    name: str
    op: str
    inputs: list
    output: Codes
    attributes: dict = field(default_factory=dict)
    magnitude_bits: int = 0
    weight: np.ndarray = None
    bias: np.ndarray = None
    multiplier: np.ndarray = None
    weight_scale: np.ndarray = None

    def matrix(self):
        """Weight matrix [rows, channels]; row (c * kh + i) * kw + j."""
        return self.weight.reshape(self.weight.shape[0], -1).T.astype(np.int64)


@dataclass
class Network:
    name: str
    input_name: str
    input_shape: tuple
    input_codes: Codes
    output: str
    layers: list

    def layer(self, name):
        return next(layer for layer in self.layers if layer.name == name)

    def codes(self, name):
        return self.input_codes if name == self.input_name else self.layer(name).output

    def ordered(self):
        """Layers in an order in which every input comes first."""
        known, order, waiting = {self.input_name}, [], list(self.layers)
        while waiting:
            ready = [layer for layer in waiting if known.issuperset(layer.inputs)]
            if not ready:
                raise ValueError("the graph has a cycle or an unknown input")
            order += ready
            known.update(layer.name for layer in ready)
            waiting = [layer for layer in waiting if layer.name not in known]
        return order


def read_codes(entry):
    whole = Codes(entry["bits"], entry["signed"], entry["scale"], entry["zero_point"], 0, 0)
    return Codes(whole.bits, whole.signed, whole.scale, whole.zero_point, entry.get("min", whole.lowest),
                 entry.get("max", whole.highest))


def read_tensor(folder, entry):
    """Loads one .npy file and checks its SHA-256, dtype and shape."""
    path = Path(folder) / entry["file"]
    if sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
        raise ValueError(f"{path}: wrong SHA-256")
    array = np.load(path, allow_pickle=False)
    if str(array.dtype) != entry["dtype"] or list(array.shape) != entry["shape"]:
        raise ValueError(f"{path}: {array.dtype} {array.shape} instead of {entry['dtype']} {entry['shape']}")
    return array


def read_bundle(folder):
    """The network, sample inputs, labels and expected outputs of a bundle."""
    description = yaml.safe_load((Path(folder) / "network.yaml").read_text())
    if description["format"] != "squeezebar-bundle" or description["version"] != 1:
        raise ValueError("not a bundle of version 1")
    layers = []
    for entry in description["layers"]:
        tensors = {key: read_tensor(folder, entry[key]) for key in TENSOR_KEYS if key in entry}
        layers.append(Layer(entry["name"], entry["op"], entry["inputs"], read_codes(entry["output"]),
                            entry.get("attributes", {}), entry.get("magnitude_bits", 0), **tensors))
    first = description["input"]
    network = Network(description["name"], first["name"], tuple(first["shape"]), read_codes(first),
                      description["output"], layers)
    inputs, labels = (read_tensor(folder, description["samples"][key]) for key in ("inputs", "labels"))
    return network, inputs, labels, read_tensor(folder, description["expected"]["outputs"])


def requantise(real, codes):
    """Round half to even, add the zero point as an integer, clamp."""
    return np.clip(np.rint(real).astype(np.int64) + codes.zero_point, codes.minimum, codes.maximum)


def windows(x, kernel, stride, padding, fill):
    """All windows of a feature map, [images, out height, out width, channels, kh, kw]."""
    top, left, bottom, right = padding
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=fill)
    height = (x.shape[2] - kernel[0]) // stride[0] + 1
    width = (x.shape[3] - kernel[1]) // stride[1] + 1
    result = np.empty((len(x), height, width, x.shape[1], *kernel), dtype=x.dtype)
    for row in range(height):
        for column in range(width):
            y, z = row * stride[0], column * stride[1]
            result[:, row, column] = x[:, :, y : y + kernel[0], z : z + kernel[1]]
    return result


def crossbar_inputs(layer, x, codes):
    """Waves of a layer, [images * out height * out width, rows], and the output's height and width."""
    if layer.op == "linear":
        return x.reshape(len(x), -1), (1, 1)
    patches = windows(x, layer.weight.shape[2:], layer.attributes["stride"], layer.attributes["padding"],
                      codes.zero_point)
    return patches.reshape(-1, patches[0, 0, 0].size), patches.shape[1:3]


def direct_accumulators(layer, x, codes):
    """Sum of q * w without any notion of hardware, [images, channels, height, width]."""
    weight = layer.weight.astype(np.int64)
    if layer.op == "linear":
        return (x.reshape(len(x), -1) @ weight.T)[:, :, None, None]
    (top, left, bottom, right), stride = layer.attributes["padding"], layer.attributes["stride"]
    channels, _, kh, kw = weight.shape
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=codes.zero_point)
    height = (x.shape[2] - kh) // stride[0] + 1
    width = (x.shape[3] - kw) // stride[1] + 1
    total = np.zeros((len(x), channels, height, width), dtype=np.int64)
    for i in range(kh):
        for j in range(kw):
            rows = slice(i, i + (height - 1) * stride[0] + 1, stride[0])
            columns = slice(j, j + (width - 1) * stride[1] + 1, stride[1])
            total += np.einsum("nchw,oc->nohw", x[:, :, rows, columns], weight[:, :, i, j])
    return total


def finish(layer, accumulators_256):
    """Bias and requantisation of accumulators in 1/256, [images, channels, height, width]."""
    bias = layer.bias.astype(np.int64)[None, :, None, None]
    multiplier = layer.multiplier[None, :, None, None]
    return requantise((accumulators_256 + bias * 256) / 256.0 * multiplier, layer.output)


def max_pool(layer, x, codes):
    attributes = layer.attributes
    return windows(x, attributes["kernel"], attributes["stride"], attributes["padding"],
                   np.iinfo(np.int64).min).max(axis=(4, 5)).transpose(0, 3, 1, 2)


def average_pool(layer, x, codes):
    attributes = layer.attributes
    shape = attributes["kernel"], attributes["stride"], attributes["padding"]
    sums = windows(x - codes.zero_point, *shape, 0).sum(axis=(4, 5)).transpose(0, 3, 1, 2)
    multiplier = attributes["multiplier"]
    if not attributes["count_include_pad"]:
        valid = windows(np.ones_like(x), *shape, 0).sum(axis=(4, 5)).transpose(0, 3, 1, 2)
        multiplier = multiplier * float(np.prod(attributes["kernel"])) / valid
    return requantise(sums * multiplier, layer.output)


def subsample(layer, x, codes):
    """Every stride-th pixel from the first on; channels of zeros before and after."""
    down, right = layer.attributes["stride"]
    channels = (layer.attributes["channel_padding"], (0, 0), (0, 0))
    return np.pad(x[:, :, ::down, ::right], ((0, 0), *channels), constant_values=codes.zero_point)


def vector_layer(layer, values, codes):
    """Every operator that does not use crossbars; `values` and `codes` are lists, one entry per input."""
    x = values[0]
    if layer.op == "relu":
        return np.maximum(x, codes[0].zero_point)
    if layer.op == "max_pool":
        return max_pool(layer, x, codes[0])
    if layer.op == "average_pool":
        return average_pool(layer, x, codes[0])
    if layer.op == "subsample":
        return subsample(layer, x, codes[0])
    if layer.op == "requantise":
        return requantise((x - codes[0].zero_point) * layer.attributes["multiplier"], layer.output)
    if layer.op == "add":
        first, second = ((v - c.zero_point) * m
                         for v, c, m in zip(values, codes, layer.attributes["multipliers"]))
        return requantise(first + second, layer.output)
    raise ValueError(f"unknown operator {layer.op}")


def integer_layer(layer, values, codes):
    if layer.op in CROSSBAR_OPS:
        return finish(layer, 256 * direct_accumulators(layer, values[0], codes[0]))
    return vector_layer(layer, values, codes)


def integer_reference(network, inputs):
    """Stored codes of every tensor of the network, by name."""
    values = {network.input_name: inputs.astype(np.int64)}
    for layer in network.ordered():
        values[layer.name] = integer_layer(layer, [values[n] for n in layer.inputs],
                                           [network.codes(n) for n in layer.inputs])
    return values


@dataclass
class HardwareRun:
    """values: codes by tensor name; counts: Counter by layer name; mapped: LayerMapping by the name of a crossbar
    layer; adc_bits: resolution of the chip's converters; totals: sum of the counts; histogram: conversions by
    converter resolution."""

    values: dict
    counts: dict
    mapped: dict
    adc_bits: int
    totals: Counter
    histogram: dict


def map_network(network, hardware):
    """Layer mappings by name."""
    return {layer.name: mp.map_layer(layer.matrix(), layer.magnitude_bits, hardware,
                                     network.codes(layer.inputs[0]).bits, hardware.degree_of(layer.name))
            for layer in network.layers if layer.op in CROSSBAR_OPS}


def column_sums(network, inputs, hardware):
    """Histograms of what reaches the converters of each crossbar when none loses anything, by layer."""
    values = hardware_run(network, inputs, replace(hardware, adc_range="clip", resolution="lossless")).values
    sums = {}
    for name, mapped in map_network(network, hardware).items():
        layer = network.layer(name)
        codes = network.codes(layer.inputs[0])
        x, _ = crossbar_inputs(layer, values[layer.inputs[0]], codes)
        sums[name] = hw.count_sums(mapped.groups, x, codes.bits, codes.signed, hardware)
    return sums


def hardware_run(network, inputs, hardware, sums=None):
    """Runs all images through crossbars. `sums`: those from which converters are calibrated."""
    layers = network.ordered()
    mapped = map_network(network, hardware)
    for name, histograms in (sums or {}).items():
        hw.share_steps(mapped[name].groups, histograms, hardware)
    bits = hardware.adc_bits
    if hardware.resolution == "lossless":
        bits = hw.lossless_bits(mapped.values(), hardware)
    values, counts = {network.input_name: inputs.astype(np.int64)}, {}
    for layer in layers:
        sources, codes = [values[n] for n in layer.inputs], [network.codes(n) for n in layer.inputs]
        if layer.op not in CROSSBAR_OPS:
            values[layer.name], counts[layer.name] = vector_layer(layer, sources, codes), Counter()
            continue
        x, (height, width) = crossbar_inputs(layer, sources[0], codes[0])
        channels = layer.weight.shape[0]
        sums, counts[layer.name] = hw.run_layer(mapped[layer.name].groups, channels, x, codes[0].bits,
                                                codes[0].signed, layer.magnitude_bits, hardware, bits)
        sums = sums.reshape(len(inputs), height, width, channels).transpose(0, 3, 1, 2)
        values[layer.name] = finish(layer, sums)
    totals = sum((Counter(c) for c in counts.values()), Counter())
    histogram = {key: count for key, count in totals.items() if isinstance(key, int) and count}
    return HardwareRun(values, counts, mapped, bits, totals, histogram)


def accuracy(outputs, labels):
    """Share of images whose largest output (the first of equal ones) is the label."""
    return int(np.count_nonzero(outputs.reshape(len(outputs), -1).argmax(axis=1) == labels)) / len(labels)
