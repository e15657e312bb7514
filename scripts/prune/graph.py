# SPDX-License-Identifier: Apache-2.0
"""The float network: a small graph of named operators, each with one output.

Operators: conv2d, batch_norm, relu, linear, max_pool, average_pool, add, subsample, and normalise on the network's
input. Sizes are (C, H, W) per sample; kernel, stride and padding are (vertical, horizontal) pairs. Parameters live
apart, in a map "layer.weight" -> array.
"""
import dataclasses

import numpy as np

from prune import graph_check
from prune.errors import UserError
from prune.graph_check import as_tuple, pair
from prune.shapes import WEIGHTED, output_shape, topological_order



@dataclasses.dataclass(frozen=True)
class Node:
    """One operator. `inputs` are names of nodes or of the network input."""

    name: str
    op: str
    inputs: tuple
    attributes: dict


@dataclasses.dataclass(frozen=True)
class Graph:
    """Nodes in an order in which they can be computed, the input's name and shape, the output node's name."""

    input: str
    input_shape: tuple
    nodes: tuple
    output: str

    def shapes(self):
        """Output shape (C, H, W) of the input and of every node, by name."""
        shapes = {self.input: self.input_shape}
        for node in self.nodes:
            attributes = dict(node.attributes)
            if "padding" in attributes:
                attributes["padding"] = (*attributes["padding"], *attributes["padding"])
            shapes[node.name] = output_shape(node.name, node.op, attributes, [shapes[i] for i in node.inputs])
        return shapes

    def consumers(self, name):
        return [node for node in self.nodes if name in node.inputs]

    def parameter_shapes(self):
        """Shapes of all parameters by name ("conv1.weight"), in network order."""
        shapes, result = self.shapes(), {}
        for node in self.nodes:
            channels, height, width = shapes[node.inputs[0]]
            if node.op == "conv2d":
                result[f"{node.name}.weight"] = (node.attributes["channels"], channels, *node.attributes["kernel"])
            elif node.op == "linear":
                result[f"{node.name}.weight"] = (node.attributes["channels"], channels * height * width)
            elif node.op == "batch_norm":
                for part in ("weight", "bias", "running_mean", "running_var"):
                    result[f"{node.name}.{part}"] = (channels,)
            if node.op in WEIGHTED and node.attributes["bias"]:
                result[f"{node.name}.bias"] = (node.attributes["channels"],)
        return result

    def weight_names(self):
        """Parameter names of the prunable weights: those of all conv2d and linear layers."""
        return [f"{node.name}.weight" for node in self.nodes if node.op in WEIGHTED]


def value_problem(name, array):
    """What is wrong with the values of a trained parameter; empty if nothing is."""
    if not np.isfinite(array).all():
        return "holds numbers that are not finite"
    if name.endswith(".running_var") and (array < 0).any():
        return f"holds the negative variance {array.min():.6g}"
    return ""


class Builder:
    """Builds a Graph; every method takes a name and its inputs' names and returns its own name."""

    def __init__(self, input_name, input_shape):
        self.input = input_name
        self._shape = as_tuple(input_shape)
        self._nodes = []

    def conv2d(self, name, x, channels, kernel, stride=1, padding=0, bias=True, groups=1, dilation=1):
        return self._add(
            name,
            "conv2d",
            [x],
            channels=channels,
            kernel=pair(kernel),
            stride=pair(stride),
            padding=pair(padding),
            bias=bias,
            groups=groups,
            dilation=dilation,
        )

    def linear(self, name, x, features, bias=True):
        return self._add(name, "linear", [x], channels=features, bias=bias)

    def batch_norm(self, name, x, epsilon=1e-5):
        return self._add(name, "batch_norm", [x], epsilon=epsilon)

    def relu(self, name, x):
        return self._add(name, "relu", [x])

    def add(self, name, a, b):
        return self._add(name, "add", [a, b])

    def normalise(self, name, x, mean, deviation):
        """(x - mean) / deviation by channel: how the data is prepared, not a layer of the hardware."""
        return self._add(name, "normalise", [x], mean=as_tuple(mean), deviation=as_tuple(deviation))

    def subsample(self, name, x, stride, channel_padding=(0, 0)):
        """Every stride-th pixel, with channels of zeros before and after (He et al., 2016: option A shortcuts)."""
        return self._add(name, "subsample", [x], stride=pair(stride), channel_padding=pair(channel_padding))

    def max_pool(self, name, x, kernel, stride=None, padding=0):
        stride = kernel if stride is None else stride
        return self._add(name, "max_pool", [x], kernel=pair(kernel), stride=pair(stride), padding=pair(padding))

    def average_pool(self, name, x, kernel, stride=None, padding=0, count_include_pad=True):
        stride = kernel if stride is None else stride
        return self._add(
            name,
            "average_pool",
            [x],
            kernel=pair(kernel),
            stride=pair(stride),
            padding=pair(padding),
            count_include_pad=count_include_pad,
        )

    def graph(self, output):
        """The finished graph; raises UserError with everything that keeps it from becoming a bundle."""
        found = graph_check.argument_problems(self.input, self._shape, self._nodes)
        has_arguments = not found
        graph = None
        try:
            graph = Graph(self.input, self._shape, tuple(topological_order(self._nodes, self.input)), output)
            if output not in [node.name for node in graph.nodes]:
                found.append(f"the output {output!r} is not one of the layers; name one")
            else:
                found += graph_check.position_problems(graph)
            if has_arguments:
                graph.shapes()
        except UserError as error:
            found.append(str(error))
        if found:
            raise UserError("; ".join(found))
        return graph

    def _add(self, name, op, inputs, **attributes):
        self._nodes.append(Node(name, op, tuple(inputs), attributes))
        return name
