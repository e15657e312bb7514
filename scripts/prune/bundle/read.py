# SPDX-License-Identifier: Apache-2.0
"""Reads a bundle and refuses everything that the format does not allow, with one sentence that says what and where."""
import math
from pathlib import Path

import numpy as np

from prune.bundle import FORMAT, MARKER, PROVENANCE, VERSION, Bundle, tensors, yaml_text
from prune.bundle.fields import Fields
from prune.errors import UserError
from prune.quantised import (
    KEEPS_QUANTISATION,
    TENSORS,
    WEIGHTED,
    Input,
    Layer,
    Quantisation,
    QuantisedNetwork,
    code_range,
)
from prune.shapes import is_word, topological_order

_LARGEST = 2**30  # values of one tensor
_INPUTS = {"conv2d": 1, "linear": 1, "relu": 1, "max_pool": 1, "average_pool": 1, "add": 2, "subsample": 1,
           "requantise": 1}


def read_bundle(folder):
    """The bundle in `folder`; raises UserError for the first thing that is wrong with it."""
    folder = Path(folder)
    document = Fields(yaml_text.load(folder / MARKER), str(folder / MARKER))
    if document.has("synthetic"):
        raise UserError.at(
            document.where,
            "synthetic: holds shapes only, whose weights `squeezebar` draws; check it with `squeezebar check`",
        )
    document.choice("format", (FORMAT,))
    document.integer("version", VERSION, VERSION)
    network = _network(document, folder)
    shapes = _check_graph(network, document.where)
    inputs, labels = _samples(document, folder, network, shapes)
    expected = _expected(document, folder, network, shapes, inputs)
    document.end()
    return Bundle(network, _provenance(folder / PROVENANCE), inputs, labels, expected)


def _provenance(path):
    provenance = yaml_text.load(path)
    for key in ("float_accuracy_top1", "sparsity"):
        Fields(provenance, str(path)).fraction(key)
    return provenance


def _network(document, folder):
    name = document.text("name")
    network_input = _input(document.map("input"))
    output = document.text("output")
    layers = [_layer(fields, folder) for fields in document.maps("layers")]
    if output not in [layer.name for layer in layers]:
        raise UserError.at(document.where, f"output {output!r} is not the name of a layer; name one")
    try:
        order = topological_order(layers, network_input.name)
    except UserError as error:
        raise UserError.at(document.where, f"{error}") from None
    return QuantisedNetwork(name, network_input, output, tuple(order))


def _input(fields):
    name = _name(fields)
    shape = tuple(fields.integers("shape", minimum=1, count=3))
    quantisation = Quantisation.full(*_codes(fields))
    fields.end()
    return Input(name, shape, quantisation)


def _codes(fields):
    """bits, signed, scale and zero point."""
    bits, signed = fields.integer("bits", 1, 16), fields.boolean("signed")
    return bits, signed, fields.positive("scale"), fields.integer("zero_point", *code_range(bits, signed))


def _name(fields):
    name = fields.text("name")
    if not is_word(name):
        raise UserError.at(fields.where, f"name {name!r} is not a word; use letters, digits, '_', '-' and '.'")
    return name


def _layer(fields, folder):
    name = _name(fields)
    fields.where = f"{folder / MARKER}: layer {name!r}"
    op = fields.choice("op", tuple(_INPUTS))
    inputs = tuple(fields.texts("inputs", _INPUTS[op]))
    attributes = _attributes(op, fields)
    tensor_fields = _weights(op, fields, folder) if op in WEIGHTED else {}
    if op == "conv2d":
        _check_padding(f"{fields.where}: attributes", attributes["padding"], tensor_fields["weight"].shape[2:])
    output = _output(fields.map("output"))
    fields.end()
    return Layer(name, op, inputs, attributes, output, **tensor_fields)


def _output(fields):
    codes = _codes(fields)
    low, high = code_range(*codes[:2])
    minimum = fields.integer("min", low, high)
    result = Quantisation(*codes, minimum, fields.integer("max", minimum, high))
    fields.end()
    return result


def _attributes(op, fields):
    if op in ("linear", "relu"):
        if fields.has("attributes"):
            fields.map("attributes").end()
        return {}
    a = fields.map("attributes")
    result = {}
    if op in ("max_pool", "average_pool"):
        result["kernel"] = a.integers("kernel", minimum=1, count=2)
    if op in ("conv2d", "max_pool", "average_pool", "subsample"):
        result["stride"] = a.integers("stride", minimum=1, count=2)
    if op == "subsample":
        result["channel_padding"] = a.integers("channel_padding", minimum=0, count=2)
    elif "stride" in result:
        result["padding"] = a.integers("padding", minimum=0, count=4)
    if "kernel" in result:
        _check_padding(a.where, result["padding"], result["kernel"])
    if op == "average_pool":
        result["count_include_pad"] = a.boolean("count_include_pad")
    if op in ("average_pool", "requantise"):
        result["multiplier"] = a.positive("multiplier")
    if op == "add":
        result["multipliers"] = a.positives("multipliers", 2)
    a.end()
    return result


def _check_padding(where, padding, kernel):
    if any(padding[i] >= kernel[i % 2] for i in range(4)):
        raise UserError.at(where, "padding must be smaller than the kernel, so that no window lies outside; correct it")


def _weights(op, fields, folder):
    magnitude_bits = fields.integer("magnitude_bits", 1, 15)
    arrays = {key: tensors.read(folder, fields.map(key)) for key in TENSORS}
    weight = arrays["weight"]
    rank = 4 if op == "conv2d" else 2
    if weight.ndim != rank or weight.dtype.name not in ("int8", "int16"):
        _refuse(fields, "weight", f"must be int8 or int16 with {rank} dimensions")
    if np.abs(weight.astype(np.int64)).max() >= 2**magnitude_bits:
        _refuse(
            fields,
            "weight",
            f"holds a magnitude of {2**magnitude_bits} or more, but magnitude_bits is {magnitude_bits}",
        )
    for key, dtype in (("bias", "int32"), ("multiplier", "float64"), ("weight_scale", "float64")):
        if arrays[key].shape != weight.shape[:1] or arrays[key].dtype.name != dtype:
            _refuse(fields, key, f"must be {dtype} of shape [{weight.shape[0]}], one value per output channel")
    for key in ("multiplier", "weight_scale"):
        if not (np.isfinite(arrays[key]).all() and (arrays[key] > 0).all()):
            _refuse(fields, key, "must hold positive finite numbers")
    return {"magnitude_bits": magnitude_bits, **arrays}


def _refuse(fields, key, text):
    raise UserError.at(fields.where, f"{key}: {text}; export the bundle again")


def _check_graph(network, where):
    """Checks what only the whole graph shows; returns the shapes."""
    try:
        shapes = network.shapes()
    except UserError as error:
        raise UserError.at(where, f"{error}") from None
    quantisations = network.quantisations()
    _check_size(where, f"input {network.input.name!r}", network.input.shape)
    read = {network.output, *(name for layer in network.layers for name in layer.inputs)}
    for layer in network.layers:
        if layer.name not in read:
            raise UserError.at(where, f"layer {layer.name!r}: its output is never used; leave the layer out")
        _check_size(where, f"layer {layer.name!r}", shapes[layer.name])
        _check_size(where, f"layer {layer.name!r}: padded input", _padded(layer, shapes[layer.inputs[0]]))
        if layer.op in WEIGHTED:
            _check_size(where, f"layer {layer.name!r}: weight", layer.weight.shape)
            _check_inputs(where, layer, shapes[layer.inputs[0]])
        elif layer.op in KEEPS_QUANTISATION:
            _check_kept(where, layer, quantisations[layer.inputs[0]])
    return shapes


def _check_size(where, what, shape):
    if math.prod(shape) > _LARGEST:
        raise UserError.at(where, f"{what} holds more than {_LARGEST} values; make it smaller")


def _padded(layer, shape):
    channels, height, width = shape
    top, left, bottom, right = layer.attributes.get("padding", (0, 0, 0, 0))
    return channels, height + top + bottom, width + left + right


def _check_inputs(where, layer, shape):
    needed = shape[0] if layer.op == "conv2d" else math.prod(shape)
    if layer.weight.shape[1] != needed:
        raise UserError.at(
            where,
            f"layer {layer.name!r}: weight: takes {layer.weight.shape[1]} inputs, "
            f"but {layer.inputs[0]!r} gives {needed}; make them agree"
        )


def _check_kept(where, layer, a):
    """A layer that moves codes of `a` needs an output that can hold them."""
    b = layer.output
    if (a.bits, a.signed, a.scale, a.zero_point) != (b.bits, b.signed, b.scale, b.zero_point):
        raise UserError.at(
            where,
            f"layer {layer.name!r}: output: bits, signed, scale and zero_point of {layer.op} "
            f"must be those of its input {layer.inputs[0]!r}; copy them"
        )
    least = max(a.min, a.zero_point) if layer.op == "relu" else a.min
    most = a.max
    if any(layer.attributes.get("channel_padding", ())):
        least, most = min(least, a.zero_point), max(most, a.zero_point)
    if b.min > least or b.max < most:
        raise UserError.at(
            where,
            f"layer {layer.name!r}: output: {b.min}..{b.max} does not hold the codes {least}..{most} of {layer.op}; "
            "widen min and max"
        )


def _samples(document, folder, network, shapes):
    fields = document.optional_map("samples")
    if fields is None:
        return None, None
    inputs = tensors.read(folder, fields.map("inputs"))
    _check_codes(fields, "inputs", inputs, network.input.quantisation, network.input.shape)
    labels = None
    if fields.has("labels"):
        labels = tensors.read(folder, fields.map("labels"))
        classes = int(np.prod(shapes[network.output]))
        if labels.shape != inputs.shape[:1] or labels.dtype.kind not in "iu":
            _refuse(fields, "labels", f"must hold {len(inputs)} whole numbers, one per sample")
        if labels.min() < 0 or labels.max() >= classes:
            _refuse(fields, "labels", f"must lie in 0..{classes - 1}, the network's outputs")
    fields.end()
    return inputs, labels


def _expected(document, folder, network, shapes, inputs):
    fields = document.optional_map("expected")
    if fields is None:
        return None
    outputs = tensors.read(folder, fields.map("outputs"))
    fields.end()
    _check_codes(
        fields, "outputs", outputs, network.quantisations()[network.output], (int(np.prod(shapes[network.output])),)
    )
    if inputs is None or len(outputs) > len(inputs):
        _refuse(fields, "outputs", "holds more rows than there are samples")
    return outputs


def _check_codes(fields, key, codes, quantisation, shape):
    if codes.dtype.kind not in "iu" or codes.shape[1:] != tuple(shape):
        sizes = ", ".join(["N", *map(str, shape)])
        _refuse(fields, key, f"must be of an integer type and shape [{sizes}] for N samples")
    if codes.min() < quantisation.min or codes.max() > quantisation.max:
        _refuse(fields, key, f"holds codes outside {quantisation.min}..{quantisation.max}")
