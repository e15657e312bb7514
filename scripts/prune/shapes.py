# SPDX-License-Identifier: Apache-2.0
"""Order and shapes of a graph of operators, and its cut into windows; shared by float and integer networks."""
import re

import numpy as np

from prune.errors import UserError

WEIGHTED = ("conv2d", "linear")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def is_word(name):
    """Whether a layer can have this name: it becomes part of file names."""
    return isinstance(name, str) and _WORD.fullmatch(name) is not None


def topological_order(nodes, input_name):
    """`nodes` in an order in which each comes after its inputs, otherwise as given.

    Raises UserError for a name used twice, an input that does not exist and a cycle.
    """
    by_name = {}
    for node in nodes:
        if node.name in by_name or node.name == input_name:
            raise UserError(f"layer {node.name!r}: the name is used twice; give every layer its own name")
        by_name[node.name] = node
    for node in nodes:
        for name in node.inputs:
            if name not in by_name and name != input_name:
                raise UserError(
                    f"layer {node.name!r}: its input {name!r} does not exist; name a layer or {input_name!r}"
                )
    order, done, waiting = [], {input_name}, list(nodes)
    while waiting:
        ready = next((n for n in waiting if all(i in done for i in n.inputs)), None)
        if ready is None:
            names = ", ".join(n.name for n in waiting)
            raise UserError(f"layers {names}: their inputs form a cycle; break it, a network must be acyclic")
        waiting.remove(ready)
        done.add(ready.name)
        order.append(ready)
    return order


def output_shape(name, op, attributes, inputs):
    """Shape (C, H, W) of an operator's output; `inputs` are its inputs' shapes.

    `attributes` holds kernel and stride (vertical, horizontal), padding (top, left, bottom, right) where the
    operator has them, `channels` for conv2d and linear, and `channel_padding` (before, after) for subsample. Raises
    UserError where a window does not fit.
    """
    channels, height, width = inputs[0]
    if op == "linear":
        return (attributes["channels"], 1, 1)
    if op == "add":
        if inputs[0] != inputs[1]:
            raise UserError(
                f"layer {name!r}: cannot add shapes {list(inputs[0])} and {list(inputs[1])}; make them equal"
            )
        return inputs[0]
    if op == "subsample":
        (sh, sw), extra = attributes["stride"], sum(attributes["channel_padding"])
        return (channels + extra, -(-height // sh), -(-width // sw))
    if "kernel" not in attributes:
        return inputs[0]
    (kh, kw), (sh, sw), (top, left, bottom, right) = (attributes[k] for k in ("kernel", "stride", "padding"))
    rows, columns = height + top + bottom - kh, width + left + right - kw
    if rows < 0 or columns < 0:
        raise UserError(f"layer {name!r}: its {kh}x{kw} kernel is larger than its padded {height}x{width} input")
    return (attributes.get("channels", channels), rows // sh + 1, columns // sw + 1)


def windows(x, kernel, stride, padding, fill):
    """Receptive fields of (N, C, H, W) as a view of shape (N, C, OH, OW, KH, KW); borders hold `fill`."""
    top, left, bottom, right = padding
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, tuple(kernel), axis=(2, 3))
    return view[:, :, :: stride[0], :: stride[1]]


def subsampled(x, stride, channel_padding, fill):
    """Every stride-th pixel of (N, C, H, W), with channels of `fill` before and after."""
    x = x[:, :, :: stride[0], :: stride[1]]
    return np.pad(x, ((0, 0), tuple(channel_padding), (0, 0), (0, 0)), constant_values=fill)
