# SPDX-License-Identifier: Apache-2.0
"""Where batch normalisation can be folded: into the layer with weights before it, or into the one behind it.

A batch_norm scales and shifts channels, and so commutes with nothing that cuts off (ReLU) or selects (max pooling). It
goes into the layer whose sums it reads, or into the layer that reads it, if borders there are not filled with zeros:
these stand behind the batch_norm, so folding would have to fill with another number for each channel.
"""
import dataclasses

from prune.errors import UserError
from prune.shapes import WEIGHTED

FUSES_RELU = (*WEIGHTED, "add", "average_pool")


@dataclasses.dataclass(frozen=True)
class Step:
    """`node`, a batch_norm, goes into the layer named `into`, which comes before or behind it."""

    node: object
    into: str
    is_before: bool


@dataclasses.dataclass(frozen=True)
class Plan:
    """A graph without batch_norm and with ReLU fused (attribute `fused_relu`), and the steps to its weights, in order.

    `problems` has a sentence for each batch_norm that stays.
    """

    graph: object
    steps: tuple
    problems: tuple


def plan(graph):
    """The Plan of a `prune.graph.Graph`. A batch_norm goes into the layer before it where both would do."""
    steps = []
    for name in [node.name for node in graph.nodes]:
        node = find(graph, name)
        source = _only_feeder(graph, node)
        if node.op == "batch_norm" and source is not None and _takes_from_behind(source):
            steps.append(Step(node, source.name, is_before=True))
            graph = merged(graph, node, source)
        elif node.op == "relu" and source is not None and source.op in FUSES_RELU:
            fused = dataclasses.replace(source, attributes={**source.attributes, "fused_relu": True})
            graph = merged(graph, node, fused)
    problems = []
    for node in reversed([node for node in graph.nodes if node.op == "batch_norm"]):
        reader = _only_reader(graph, node)
        if reader is not None and _takes_from_before(reader):
            steps.append(Step(node, reader.name, is_before=False))
            graph = without(graph, node)
        else:
            problems.insert(0, _problem(graph, node, reader))
    return Plan(graph, tuple(steps), tuple(problems))


def without_normalise(graph):
    """The graph that begins behind a normalise on its input, and that node; None if there is none."""
    nodes = [node for node in graph.nodes if node.op == "normalise"]
    if not nodes:
        return graph, None
    (first, *others), consumers = nodes, graph.consumers(graph.input)
    if others or first.inputs != (graph.input,) or len(consumers) != 1 or graph.output == first.name:
        raise UserError(
            f"layer {nodes[-1].name!r}: normalise must be the only layer that reads the network's input; put it there"
        )
    return without(graph, first), first


def find(graph, name):
    """The node of this name; None for the network's input."""
    return next((node for node in graph.nodes if node.name == name), None)


def merged(graph, node, source):
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


def without(graph, node):
    """`graph` without `node`, whose consumers now read what it read."""
    kept = [other for other in graph.nodes if other.name != node.name]
    kept = [dataclasses.replace(n, inputs=tuple(node.inputs[0] if i == node.name else i for i in n.inputs)) for n in kept]
    return dataclasses.replace(graph, nodes=tuple(kept))


def _takes_from_behind(source):
    return source.op in WEIGHTED and not source.attributes.get("fused_relu", False)


def _takes_from_before(reader):
    return reader.op in WEIGHTED and not any(reader.attributes.get("padding", ()))


def _only_feeder(graph, node):
    """The node that feeds `node` and nothing else, or None."""
    source = find(graph, node.inputs[0])
    if source is None or source.name == graph.output or len(graph.consumers(source.name)) != 1:
        return None
    return source


def _only_reader(graph, node):
    readers = graph.consumers(node.name)
    return readers[0] if len(readers) == 1 and node.name != graph.output else None


def _problem(graph, node, reader):
    return (
        f"layer {node.name!r}: batch_norm cannot be folded: {_why_not_before(graph, node)}, and "
        f"{_why_not_behind(graph, node, reader)}; put it directly behind a conv2d or linear layer that nothing else "
        "reads, or directly before one without padding that alone reads it"
    )


def _why_not_before(graph, node):
    source = find(graph, node.inputs[0])
    if source is None:
        return f"it reads the network's input {node.inputs[0]!r}"
    if source.attributes.get("fused_relu", False):
        return f"it reads {source.name!r} through a ReLU"
    if source.op not in WEIGHTED:
        return f"it reads {source.name!r} ({source.op}), which has no weights"
    if source.name == graph.output:
        return f"it reads {source.name!r}, which is also the network's output"
    others = ", ".join(repr(other.name) for other in graph.consumers(source.name) if other.name != node.name)
    return f"it reads {source.name!r}, which {others} reads too"


def _why_not_behind(graph, node, reader):
    if node.name == graph.output:
        return "it is the network's output"
    if reader is None:
        names = ", ".join(repr(other.name) for other in graph.consumers(node.name))
        return f"more than one layer reads it ({names})" if names else "no layer reads it"
    if reader.op not in WEIGHTED:
        return f"{reader.name!r} ({reader.op}), which reads it, has no weights"
    return f"{reader.name!r}, which reads it, pads its input with zeros"
