# SPDX-License-Identifier: Apache-2.0
"""Turns a float graph into the integer graph of the bundle format."""
import dataclasses

import numpy as np

from prune.errors import UserError
from prune.graph import WEIGHTED
from prune.quantise.calibrate import affine, calibrate, symmetric, unsigned
from prune.quantise.fold import check_folded, fold
from prune.quantised import KEEPS_QUANTISATION, Input, Layer, QuantisedNetwork
from prune.schemes import per_channel

_OUTPUT_HEADROOM = 2.0  # logits of unseen samples may exceed the calibrated range; one bit of 16 costs nothing
_COMPARED = 16  # samples on which the folded network must equal the trained one
_BIAS_LIMIT = 2.0**30  # keeps a folded bias, zero-point term included, inside int32


def quantise(name, graph, parameters, data, scheme, options):
    """The integer network of a float network, calibrated on training samples of `data`, and its folded float form.

    `options` are those of quantisation and of the weight scheme. Activations: unsigned after ReLU, else as
    `signed_activations` says. The output layer: signed, with `output_bits`. Raises UserError for a graph that cannot
    be expressed.
    """
    scheme.check(options)
    folded = fold(graph, parameters)
    samples = data.train.inputs[: options["calibration_samples"]]
    check_folded(folded, graph, parameters, data.real(samples[:_COMPARED]))
    ranges = calibrate(folded, samples, data.real, options)
    network_input = Input(graph.input, graph.input_shape, folded.preparation.quantisation(data))
    quantisations = {graph.input: network_input.quantisation}
    layers = []
    for node in folded.graph.nodes:
        operands = [quantisations[i] for i in node.inputs]
        is_output = node.name == folded.graph.output
        output = _output(node, operands, ranges[node.name], is_output, options)
        quantisations[node.name] = output
        if node.op in WEIGHTED:
            layers.append(_weighted(node, folded, operands[0], output, scheme, options))
        else:
            layers.append(Layer(node.name, node.op, node.inputs, _attributes(node, operands, output), output))
    return QuantisedNetwork(name, network_input, folded.graph.output, tuple(layers)), folded


def _output(node, operands, calibrated, is_output, options):
    if node.op in KEEPS_QUANTISATION:
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


def _weighted(node, folded, operand, output, scheme, options):
    bias = folded.parameters[node.name][1]
    least = np.abs(bias) / (operand.scale * _BIAS_LIMIT)
    if scheme.has_pattern:
        q, scale = _projected_as_trained(scheme, options, *folded.trained[node.name], least)
    else:
        q, scale = _projected(scheme, options, folded.parameters[node.name][0], least)
    sums = q.reshape(len(q), -1).sum(axis=1)
    q_bias = np.rint(bias / (operand.scale * scale)).astype(np.int64) - operand.zero_point * sums
    if np.abs(q_bias).max() >= 2**31:
        raise UserError(
            f"layer {node.name!r}: its bias does not fit 32 bits; use fewer bits for the weights or --activation-bits"
        )
    magnitude_bits = scheme.magnitude_bits(options)
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


def _projected(scheme, options, weight, least):
    """Codes of `weight`, and their step by output channel, (Cout,).

    A channel of (nearly) no weights gets the step `least`, so that its bias just fits: its weights are then below
    half a step of what the bias decides.
    """
    used = weight.reshape(len(weight), -1).any(axis=1)
    step = np.maximum(np.where(used, scheme.step(weight, options), 0.0), least)
    step = np.where(step > 0, step, 1.0)
    return scheme.round(weight, step, options), step


def _projected_as_trained(scheme, options, weight, factor, least):
    """The same for a weight that batch normalisation multiplies by `factor` (Cout,).

    The pattern belongs to the weight as it was trained. The factor's sign goes into the codes, its magnitude into
    the step; a channel whose factor is zero has no weights.
    """
    dead = factor == 0
    size = np.where(dead, 1.0, np.abs(factor))
    weight = np.where(per_channel(dead, weight.ndim), 0.0, weight)
    q, step = _projected(scheme, options, weight, least / size)
    return np.where(per_channel(factor < 0, weight.ndim), -q, q), step * size


def _attributes(node, operands, output):
    """Attributes as the bundle format has them."""
    a = node.attributes
    result = {}
    if node.op in ("max_pool", "average_pool"):
        result["kernel"] = list(a["kernel"])
    if "stride" in a:
        result["stride"] = list(a["stride"])
    if "padding" in a:
        result["padding"] = [*a["padding"], *a["padding"]]
    if "channel_padding" in a:
        result["channel_padding"] = list(a["channel_padding"])
    if node.op == "average_pool":
        result["count_include_pad"] = a["count_include_pad"]
        result["multiplier"] = operands[0].scale / (output.scale * float(np.prod(a["kernel"])))
    if node.op == "add":
        result["multipliers"] = [operand.scale / output.scale for operand in operands]
    return result
