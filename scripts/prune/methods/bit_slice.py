# SPDX-License-Identifier: Apache-2.0
"""Bit-slice L1 (Zhang et al., arXiv 1909.08496): small weights go, and the others learn to have few ones in their slices."""
from types import MappingProxyType

import numpy as np

from prune.column_options import LAYERS, TOL, selected
from prune.methods import Method, alive, method
from prune.regularisers import REGULARISERS

_SLICES = REGULARISERS.get("bit_slice")


@method("bit_slice")
class BitSliceMethod(Method):
    summary = "Removes weights up to --tol and retrains the others towards sparse 2-bit slices (bit-slice L1)."
    options = (*_SLICES.options, TOL, LAYERS)
    retraining = MappingProxyType({"epochs": 20, "batch_size": 128, "optimiser": "sgd", "learning_rate": 0.01})

    def masks(self, weights, options):
        chosen = {name: np.abs(w) > options["tol"] for name, w in selected(weights, options).items()}
        return {**alive(weights), **chosen}

    def constraint(self, masks, options):
        from prune.regularised import Regularised

        return Regularised(masks, _SLICES, options)

    def report(self, weights, options):
        zeros = _zero_slices(selected(weights, options).values())
        return [f"zero 2-bit slices, most significant first: {', '.join(f'{share:.2%}' for share in zeros)}"]


def _zero_slices(weights):
    """The fraction of zeros among the slices of each position, most significant first."""
    import torch

    from prune.regularisers.bit_slice import UNITS, bit_slices

    zeros, total = [0] * len(UNITS), 0
    for weight in weights:
        total += weight.size
        for position, part in enumerate(bit_slices(torch.from_numpy(weight))):
            zeros[position] += int((part == 0).sum())
    return [count / max(1, total) for count in zeros]
