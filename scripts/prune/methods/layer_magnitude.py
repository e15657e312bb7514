# SPDX-License-Identifier: Apache-2.0
"""Unstructured magnitude pruning with a ratio of its own for each layer, as D.U.B. (arXiv 2403.13082) compares with."""
from types import MappingProxyType

from prune import columns
from prune.column_options import LAYERS, RATIOS, TILE, check_tile, ratios_by_layer, selected
from prune.errors import UserError
from prune.methods import Method, alive, method
from prune.methods.magnitude import keep_largest


@method("layer_magnitude")
class LayerMagnitude(Method):
    summary = "Removes the weights of the least magnitude of each layer, by a ratio for each."
    options = (RATIOS, LAYERS, TILE)
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def check(self, options, training):
        check_tile(options)
        if not options["ratios"]:
            raise UserError("--ratios is missing; method layer_magnitude needs it: give for example 0.8")

    def check_weights(self, weights, options):
        ratios_by_layer(weights, options)

    def masks(self, weights, options):
        ratios, chosen = ratios_by_layer(weights, options), selected(weights, options)
        kept = {name: keep_largest([w], ratios[name])[0] & (w != 0) for name, w in chosen.items()}
        return {**alive(weights), **kept}

    def report(self, weights, options):
        return columns.lines(selected(weights, options), options["tile"])
