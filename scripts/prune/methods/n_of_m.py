# SPDX-License-Identifier: Apache-2.0
"""N:M sparsity along the crossbar columns: of every M consecutive inputs of a filter the N largest weights stay.

Groups run along the inputs in the order of the crossbar rows, as the N:m format of SP-IMC (CICC 2024) stores them; every
column of a crossbar of R rows, R a multiple of M, then holds at most N * R / M weights.
"""
from types import MappingProxyType

from prune import columns
from prune.column_options import LAYERS, TILE, check_tile, selected
from prune.errors import UserError
from prune.methods import Method, alive, method
from prune.methods.tinyadc import largest_of_segments
from prune.options import Option


@method("n_of_m")
class NOfM(Method):
    summary = "Keeps the N largest of every M consecutive weights of a crossbar column (N:M)."
    options = (
        Option("n", int, 2, "Weights that stay in each group.", minimum=1, maximum=65536),
        Option("m", int, 8, "Consecutive inputs in a group.", minimum=2, maximum=65536),
        TILE,
        LAYERS,
    )
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def check(self, options, training):
        check_tile(options)
        if options["n"] > options["m"]:
            raise UserError(f"--n: {options['n']} weights of {options['m']} cannot stay; give at most --m")

    def masks(self, weights, options):
        chosen = {
            name: largest_of_segments(weight, options["m"], options["n"])
            for name, weight in selected(weights, options).items()
        }
        return {**alive(weights), **chosen}

    def report(self, weights, options):
        return columns.lines(selected(weights, options), options["tile"])
