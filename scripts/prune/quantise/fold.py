# SPDX-License-Identifier: Apache-2.0
"""Folds batch normalisation into the layer before it and fuses ReLU into the layer that feeds it.

A normalise on the network's input leaves the graph: it is how samples are prepared.
"""
import dataclasses

import numpy as np

from prune.errors import UserError
from prune.graph import WEIGHTED, Graph
from prune.preparation import Preparation
from prune.schemes import per_channel

_FUSES_RELU = (*WEIGHTED, "add", "average_pool")


@dataclasses.dataclass(frozen=True)
class Folded:
    """A graph without batch_norm, and (weight, bias) in float64 by layer name; attribute `fused_relu` marks ReLU.

    `trained` gives (weight, factor) by layer name: the weight as it was trained, and what batch normalisation
    multiplies it by, (Cout,); the folded weight is their product. `preparation` says what happens to a sample first.
    """

    graph: Graph
    parameters: dict
    trained: dict
    preparation: Preparation = Preparation()


def fold(graph, parameters):
    """Folded form of a float network; zero weights stay zero.

    Raises UserError for a batch_norm that does not directly follow a conv2d or linear layer of its own.
    """
    graph, preparation = _without_normalise(graph)
    weights = _layer_parameters(graph, parameters)
    trained = {name: (weight, np.ones(len(weight))) for name, (weight, _) in weights.items()}
    for name in [node.name for node in graph.nodes]:
        node = _find(graph, name)
        source = _only_feeder(graph, node)
        if node.op == "batch_norm":
            if source is None or source.op not in WEIGHTED:
                raise UserError(
                    f"layer {name!r}: batch_norm must follow a conv2d or linear layer that feeds nothing else"
                )
            weights[source.name], factor = _scaled(*weights[source.name], node, parameters)
            trained[source.name] = (trained[source.name][0], trained[source.name][1] * factor)
            graph = _merge(graph, node, source)
        elif node.op == "relu" and source is not None and source.op in _FUSES_RELU:
            fused = dataclasses.replace(source, attributes={**source.attributes, "fused_relu": True})
            graph = _merge(graph, node, fused)
    return Folded(graph, weights, trained, preparation)


def _without_normalise(graph):
    """The graph that begins behind a normalise on its input, and that preparation."""
    nodes = [node for node in graph.nodes if node.op == "normalise"]
    if not nodes:
        return graph, Preparation()
    (first, *others), consumers = nodes, graph.consumers(graph.input)
    if others or first.inputs != (graph.input,) or len(consumers) != 1 or graph.output == first.name:
        raise UserError(f"layer {nodes[-1].name!r}: normalise must be the only layer that reads the network's input")
    source = dataclasses.replace(first, name=graph.input)
    kept = _merge(graph, first, source)
    return kept, Preparation(first.attributes["mean"], first.attributes["deviation"])


def _layer_parameters(graph, parameters):
    result = {}
    for node in graph.nodes:
        if node.op in WEIGHTED:
            weight = parameters[f"{node.name}.weight"].astype(np.float64)
            bias = parameters.get(f"{node.name}.bias", np.zeros(len(weight))).astype(np.float64)
            result[node.name] = (weight, bias)
    return result


def _find(graph, name):
    return next((node for node in graph.nodes if node.name == name), None)


def _only_feeder(graph, node):
    """The node that feeds `node` and nothing else, or None."""
    source = _find(graph, node.inputs[0])
    if source is None or source.name == graph.output or len(graph.consumers(source.name)) != 1:
        return None
    return source


def _scaled(weight, bias, node, parameters):
    gamma, beta, mean, variance = (
        parameters[f"{node.name}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gamma / np.sqrt(variance + node.attributes["epsilon"])
    return (weight * per_channel(factor, weight.ndim), (bias - mean) * factor + beta), factor


def _merge(graph, node, source):
    """`graph` without `node`, whose consumers now read `source` (which takes the place of its namesake)."""
    nodes = []
    for other in graph.nodes:
        if other.name == node.name:
            continue
        other = source if other.name == source.name else other
        inputs = tuple(source.name if i == node.name else i for i in other.inputs)
        nodes.append(dataclasses.replace(other, inputs=inputs))
    output = source.name if graph.output == node.name else graph.output
    return dataclasses.replace(graph, nodes=tuple(nodes), output=output)
