# SPDX-License-Identifier: Apache-2.0
"""Options of the methods that prune to a sparsity."""
from prune.options import Option

SPARSITY = Option("sparsity", float, None, "Fraction of the weights to remove.", minimum=0.0, below=1.0)
SCOPE = Option(
    "scope",
    str,
    "global",
    "Rank the weights of all layers together (global) or of each layer by itself (layer).",
    choices=("global", "layer"),
)
