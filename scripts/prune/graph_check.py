# SPDX-License-Identifier: Apache-2.0
"""What makes a float network one that can be trained, folded and stored as a bundle; every fault is told at once."""
import math
import operator

from prune import batch_norm
from prune.errors import UserError
from prune.shapes import WEIGHTED, is_word

_WORD = "use letters, digits, '_', '-' and '.'"


def pair(value):
    """(vertical, horizontal) of one whole number or of two; anything else as it is, for `argument_problems` to tell."""
    whole = _whole(value)
    if whole is not None:
        return (whole, whole)
    if isinstance(value, (tuple, list)) and all(_whole(item) is not None for item in value):
        return tuple(_whole(item) for item in value)
    return value


def as_tuple(value):
    """A list of numbers as a tuple; anything else as it is, for `argument_problems` to tell."""
    return tuple(value) if isinstance(value, (list, tuple)) else value


def argument_problems(input_name, input_shape, nodes):
    """A sentence for each name, shape or attribute that is not what the operators take."""
    shape = input_shape
    found = [f"the name {name!r} is not a word; {_WORD}" for name in (input_name,) if not is_word(name)]
    if not _are(input_shape, 3, lambda extent: _is_whole(extent, 1)):
        input_shape = None
        found.append(f"the input's shape {shape!r} is not (channels, height, width); give three whole numbers")
    for node in nodes:
        if not is_word(node.name):
            found.append(f"layer {node.name!r}: the name is not a word; {_WORD}")
        found += [f"layer {node.name!r}: {text}" for text in _attribute_problems(node, input_shape)]
    return found


def position_problems(graph):
    """A sentence for each layer that cannot stand where it does."""
    found = [
        f"layer {node.name!r}: no layer reads it; leave it out or use its output"
        for node in graph.nodes
        if node.name != graph.output and not graph.consumers(node.name)
    ]
    try:
        graph, _ = batch_norm.without_normalise(graph)
    except UserError as error:
        return [*found, str(error)]
    return [*found, *batch_norm.plan(graph).problems]


def _attribute_problems(node, input_shape):
    a = node.attributes
    for key, least in (("kernel", 1), ("stride", 1), ("padding", 0), ("channel_padding", 0)):
        if key in a and not _is_pair(a[key], least):
            yield f"{key} {a[key]!r} is not a whole number >= {least} or a pair of them; give numbers"
    if node.op in WEIGHTED and not _is_whole(a["channels"], 1):
        key = "features" if node.op == "linear" else "channels"
        yield f"{key} {a['channels']!r} is not a whole number >= 1; correct it"
    for key in ("groups", "dilation"):
        if a.get(key, 1) not in (1, (1, 1)):
            yield f"{key} {a[key]!r} is not supported; leave it out, the bundle format has none"
    if "kernel" in a and _is_pair(a["kernel"], 1) and _is_pair(a["padding"], 0):
        yield from _padding_problems(node.op, a["kernel"], a["padding"])
    if "epsilon" in a and not _is_positive(a["epsilon"]):
        yield f"epsilon {a['epsilon']!r} is not a positive number; correct it"
    if node.op == "normalise":
        yield from _normalise_problems(a, input_shape)


def _padding_problems(op, kernel, padding):
    if op == "conv2d" and any(p >= k for p, k in zip(padding, kernel)):
        yield f"padding {padding} must be smaller than the kernel {kernel}, so that no window lies outside; correct it"
    elif op != "conv2d" and any(2 * p > k for p, k in zip(padding, kernel)):
        yield f"padding {padding} must be at most half the kernel {kernel}; correct it"


def _normalise_problems(a, input_shape):
    for key, is_good, what in (("mean", _is_number, "number"), ("deviation", _is_positive, "positive number")):
        if input_shape is not None and not _are(a[key], input_shape[0], is_good):
            yield f"{key} {a[key]!r} is not one {what} for each of {input_shape[0]} channels; correct it"


def _whole(value):
    """`value` as an int, NumPy's whole numbers too; None for anything else."""
    try:
        return None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return None


def _is_whole(value, least):
    return _whole(value) is not None and value >= least


def _is_pair(value, least):
    return _are(value, 2, lambda item: _is_whole(item, least))


def _are(values, count, is_good):
    return isinstance(values, tuple) and len(values) == count and all(map(is_good, values))


def _is_number(value):
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(value)
    except TypeError:
        return False


def _is_positive(value):
    return _is_number(value) and value > 0
