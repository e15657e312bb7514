# SPDX-License-Identifier: Apache-2.0
"""Turns a float graph into the integer graph of the bundle format."""
import dataclasses

import numpy as np

from prune.errors import UserError
from prune.graph import WEIGHTED
from prune.quantise.calibrate import affine, calibrate, symmetric, unsigned
from prune.quantise.fold import fold
from prune.quantised import Input, Layer, Quantisation, QuantisedNetwork

_KEEPS_QUANTISATION = ("max_pool", "relu")
_OUTPUT_HEADROOM = 2.0  # logits of unseen samples may exceed the calibrated range; one bit of 16 costs nothing
_BIAS_LIMIT = 2.0**30  # keeps a folded bias, zero-point term included, inside int32


def quantise(name, graph, parameters, data, options):
    """The integer network of a float network, calibrated on training samples of `data`, and its folded float form.

    Weights: symmetric per output channel. Activations: unsigned after ReLU, else as `signed_activations` says. The
    output layer: signed, with `output_bits`. Raises UserError for a graph that cannot be expressed.
    """
    folded = fold(graph, parameters)
    samples = data.real(data.train.inputs[: options["calibration_samples"]])
    ranges = calibrate(folded, samples, options)
    network_input = Input(
        graph.input, graph.input_shape, Quantisation.full(data.bits, False, data.scale, data.zero_point)
    )
    quantisations = {graph.input: network_input.quantisation}
    layers = []
    for node in folded.graph.nodes:
        operands = [quantisations[i] for i in node.inputs]
        is_output = node.name == folded.graph.output
        output = _output(node, operands, ranges[node.name], is_output, options)
        quantisations[node.name] = output
        if node.op in WEIGHTED:
            layers.append(
                _weighted(node, folded.parameters[node.name], operands[0], output, options["weight_bits"] - 1)
            )
        else:
            layers.append(Layer(node.name, node.op, node.inputs, _attributes(node, operands, output), output))
    return QuantisedNetwork(name, network_input, folded.graph.output, tuple(layers)), folded


def _output(node, operands, calibrated, is_output, options):
    if node.op in _KEEPS_QUANTISATION:
        return operands[0]
    if is_output:
        result = symmetric(calibrated, options["output_bits"], _OUTPUT_HEADROOM)
    elif calibrated.low >= 0:
        result = unsigned(calibrated, options["activation_bits"])
    elif options["signed_activations"] == "affine":
        result = affine(calibrated, options["activation_bits"])
    else:
        result = symmetric(calibrated, options["activation_bits"])
    fused_relu = node.attributes.get("fused_relu", False)
    return dataclasses.replace(result, min=result.zero_point) if fused_relu else result


def _weighted(node, parameters, operand, output, magnitude_bits):
    weight, bias = parameters
    scale = _weight_scale(weight, bias, operand.scale, 2**magnitude_bits - 1)
    q = np.rint(weight / scale.reshape(-1, *[1] * (weight.ndim - 1))).astype(np.int64)
    sums = q.reshape(len(q), -1).sum(axis=1)
    q_bias = np.rint(bias / (operand.scale * scale)).astype(np.int64) - operand.zero_point * sums
    if np.abs(q_bias).max() >= 2**31:
        raise UserError(
            f"layer {node.name!r}: its bias does not fit 32 bits; use fewer --weight-bits or --activation-bits"
        )
    return Layer(
        node.name,
        node.op,
        node.inputs,
        _attributes(node, [operand], output),
        output,
        magnitude_bits=magnitude_bits,
        weight=q.astype(np.int8 if magnitude_bits <= 7 else np.int16),
        bias=q_bias.astype(np.int32),
        multiplier=operand.scale * scale / output.scale,
        weight_scale=scale,
    )


def _weight_scale(weight, bias, input_scale, top):
    """Step of the weights of each output channel, (Cout,).

    The largest magnitude gets the code `top`. A channel of (nearly) no weights gets a larger step, so that its bias
    still fits: its weights are then below half a step of what the bias decides.
    """
    largest = np.abs(weight.reshape(len(weight), -1)).max(axis=1)
    scale = np.maximum(largest / top, np.abs(bias) / (input_scale * _BIAS_LIMIT))
    return np.where(scale > 0, scale, 1.0)


def _attributes(node, operands, output):
    """Attributes as the bundle format has them."""
    a = node.attributes
    result = {}
    if node.op in ("max_pool", "average_pool"):
        result["kernel"] = list(a["kernel"])
    if "stride" in a:
        result["stride"] = list(a["stride"])
        result["padding"] = [*a["padding"], *a["padding"]]
    if node.op == "average_pool":
        result["count_include_pad"] = a["count_include_pad"]
        result["multiplier"] = operands[0].scale / (output.scale * float(np.prod(a["kernel"])))
    if node.op == "add":
        result["multipliers"] = [operand.scale / output.scale for operand in operands]
    return result
