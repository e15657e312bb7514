# SPDX-License-Identifier: Apache-2.0
"""The integer network: the same graph as `network.yaml` of a bundle, in memory."""
import dataclasses

import numpy as np

from prune.shapes import WEIGHTED, output_shape

KEEPS_QUANTISATION = ("max_pool", "relu", "subsample")  # operators whose output has the codes of their input
TENSORS = ("weight", "bias", "multiplier", "weight_scale")


@dataclasses.dataclass(frozen=True)
class Quantisation:
    """Stored codes q stand for scale * (q - zero_point); results are clamped to min..max."""

    bits: int
    signed: bool
    scale: float
    zero_point: int
    min: int
    max: int

    @staticmethod
    def full(bits, signed, scale, zero_point):
        """With the clamp at the whole range of the codes."""
        low, high = code_range(bits, signed)
        return Quantisation(bits, signed, scale, zero_point, low, high)


@dataclasses.dataclass(frozen=True)
class Input:
    """The network's input: (C, H, W) and the meaning of its codes."""

    name: str
    shape: tuple
    quantisation: Quantisation


@dataclasses.dataclass(frozen=True)
class Layer:
    """One integer operator.

    conv2d and linear hold weight (Cout, Cin, KH, KW) or (Cout, rows) in int8 or int16 with |w| < 2^magnitude_bits,
    bias (Cout,) int32, multiplier and weight_scale (Cout,) float64. `attributes` are those of the bundle format.
    """

    name: str
    op: str
    inputs: tuple
    attributes: dict
    output: Quantisation
    magnitude_bits: int = 0
    weight: np.ndarray = None
    bias: np.ndarray = None
    multiplier: np.ndarray = None
    weight_scale: np.ndarray = None


@dataclasses.dataclass(frozen=True)
class QuantisedNetwork:
    """Layers in an order in which they can be computed; `output` names the layer that gives the result."""

    name: str
    input: Input
    output: str
    layers: tuple

    def quantisations(self):
        """Quantisation of the input and of every layer's output, by name."""
        return {self.input.name: self.input.quantisation, **{layer.name: layer.output for layer in self.layers}}

    def shapes(self):
        """Output shape (C, H, W) of the input and of every layer, by name; UserError if they do not fit."""
        shapes = {self.input.name: self.input.shape}
        for layer in self.layers:
            attributes = dict(layer.attributes)
            if layer.op in WEIGHTED:
                attributes["channels"] = layer.weight.shape[0]
            if layer.op == "conv2d":
                attributes["kernel"] = layer.weight.shape[2:]
            shapes[layer.name] = output_shape(layer.name, layer.op, attributes, [shapes[i] for i in layer.inputs])
        return shapes

    def weights(self):
        """The integer weights by layer name, in network order."""
        return {layer.name: layer.weight for layer in self.layers if layer.op in WEIGHTED}

    def bit_sparsity(self):
        """Fraction of zeros of each bit plane of the magnitudes, most significant first: of the network, and by layer.

        Layers of fewer bits than others lack the first planes.
        """
        weights = self.weights()
        bits = {layer.name: layer.magnitude_bits for layer in self.layers if layer.op in WEIGHTED}
        ones = {name: _ones(weight, bits[name]) for name, weight in weights.items()}
        by_layer = {name: (1 - ones[name] / weight.size).tolist() for name, weight in weights.items()}
        most = max(bits.values(), default=0)
        total = np.zeros((2, most))  # ones, and weights that have this bit
        for name, weight in weights.items():
            total[:, most - bits[name] :] += np.stack([ones[name], np.full(bits[name], weight.size)])
        return (1 - total[0] / total[1]).tolist(), by_layer

    def sparsity(self):
        """Fraction of zero weights: of the whole network, and by layer."""
        weights = self.weights()
        zeros = {name: w.size - np.count_nonzero(w) for name, w in weights.items()}
        by_layer = {name: float(zeros[name] / w.size) for name, w in weights.items()}
        return float(sum(zeros.values()) / max(1, sum(w.size for w in weights.values()))), by_layer


def _ones(weight, bits):
    """Number of ones in each bit of the magnitudes, most significant first."""
    magnitudes = np.abs(weight.astype(np.int64))
    return np.array([np.count_nonzero(magnitudes >> bit & 1) for bit in reversed(range(bits))])


def code_range(bits, signed):
    """Least and greatest stored code."""
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


def storage_dtype(quantisation):
    """NumPy type in which codes of this quantisation are stored in files."""
    return np.dtype(f"{'int' if quantisation.signed else 'uint'}{8 if quantisation.bits <= 8 else 16}")
