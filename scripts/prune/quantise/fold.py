# SPDX-License-Identifier: Apache-2.0
"""Folds batch normalisation into the layer before or behind it and fuses ReLU into the layer that feeds it.

A normalise on the network's input leaves the graph: it is how samples are prepared.
"""
import dataclasses

import numpy as np

from prune import float_reference
from prune.batch_norm import plan, without_normalise
from prune.errors import UserError
from prune.graph import WEIGHTED, Graph
from prune.preparation import Preparation
from prune.schemes import per_channel

_TOLERANCE = 1e-6  # of the largest output; double arithmetic in another order stays far below


@dataclasses.dataclass(frozen=True)
class Folded:
    """A graph without batch_norm, and (weight, bias) in float64 by layer name; attribute `fused_relu` marks ReLU.

    `trained` gives (weight, factor) by layer name: the weight as it was trained, and what batch normalisation behind it
    multiplies it by, (Cout,); the folded weight is their product. One before the layer scales single inputs and is part
    of both weights. `preparation` says what happens to a sample first.
    """

    graph: Graph
    parameters: dict
    trained: dict
    preparation: Preparation = Preparation()


def fold(graph, parameters):
    """Folded form of a float network; zero weights stay zero.

    Raises UserError that names each batch_norm that no layer can take (`prune.batch_norm`).
    """
    graph, normalise = without_normalise(graph)
    planned = plan(graph)
    if planned.problems:
        raise UserError("; ".join(planned.problems))
    folded = layer_parameters(graph, parameters)
    trained = {name: (weight, np.ones(len(weight))) for name, (weight, _) in folded.items()}
    for step in planned.steps:
        factor, mean, beta = float_reference.batch_norm(step.node, parameters)
        weight, bias = folded[step.into]
        as_trained, factors = trained[step.into]
        if step.is_before:
            folded[step.into] = weight * per_channel(factor, weight.ndim), (bias - mean) * factor + beta
            trained[step.into] = as_trained, factors * factor
        else:
            folded[step.into] = _scaled_inputs(weight, factor), bias + _shifted_inputs(weight, beta - mean * factor)
            trained[step.into] = _scaled_inputs(as_trained, factor), factors
    return Folded(planned.graph, folded, trained, _preparation(normalise))


def _preparation(normalise):
    return Preparation(normalise.attributes["mean"], normalise.attributes["deviation"]) if normalise else Preparation()


def check_folded(folded, graph, parameters, samples):
    """Compares the folded network with the one that was trained, on real samples; a difference is an error."""
    exact = float_reference.run(unfolded(graph, parameters), samples)
    difference = np.abs(float_reference.run(folded, samples) - exact).max()
    if not difference <= _TOLERANCE * np.abs(exact).max():
        raise UserError(
            f"the network with its batch_norm folded differs from the trained one by {difference:.3g} (outputs up to "
            f"{np.abs(exact).max():.3g}); check its parameters for numbers that are huge or not finite, or report it"
        )


def unfolded(graph, parameters):
    """The float network with every operator where it was trained, for `float_reference.run`."""
    norms = {node.name: float_reference.batch_norm(node, parameters) for node in graph.nodes if node.op == "batch_norm"}
    return Folded(graph, {**layer_parameters(graph, parameters), **norms}, {})


def layer_parameters(graph, parameters):
    """(weight, bias) in float64 of every layer with weights, by name."""
    result = {}
    for node in graph.nodes:
        if node.op in WEIGHTED:
            weight = parameters[f"{node.name}.weight"].astype(np.float64)
            bias = parameters.get(f"{node.name}.bias", np.zeros(len(weight))).astype(np.float64)
            result[node.name] = (weight, bias)
    return result


def _scaled_inputs(weight, factor):
    """(Cout, Cin, KH, KW) or (Cout, Cin x H x W) times a factor for each of Cin."""
    return (_by_input(weight, factor) * factor[:, np.newaxis]).reshape(weight.shape)


def _shifted_inputs(weight, shift):
    """What each output gains if every input of channel c gains shift[c]."""
    return (_by_input(weight, shift).sum(axis=2) * shift).sum(axis=1)


def _by_input(weight, per_input):
    return weight.reshape(len(weight), len(per_input), -1)
