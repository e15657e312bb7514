# SPDX-License-Identifier: Apache-2.0
"""Unstructured magnitude pruning (Han et al., 2015): the weights nearest to zero go first."""
import numpy as np

from prune.methods import Method, method
from prune.sparsity_options import SCOPE, SPARSITY


@method("magnitude")
class Magnitude(Method):
    summary = "Removes the weights of the least magnitude, wherever they are."
    options = (SPARSITY, SCOPE)

    def masks(self, weights, options):
        if options["scope"] == "layer":
            return {name: keep_largest([w], options["sparsity"])[0] for name, w in weights.items()}
        return dict(zip(weights, keep_largest(list(weights.values()), options["sparsity"])))


def keep_largest(arrays, sparsity):
    """Masks that drop exactly round(sparsity * n) of the n weights; among equals the first in order go."""
    flat = np.concatenate([np.abs(a).ravel() for a in arrays])
    keep = np.ones(flat.size, dtype=bool)
    keep[np.argsort(flat, kind="stable")[: round(sparsity * flat.size)]] = False
    ends = np.cumsum([a.size for a in arrays])[:-1]
    return [part.reshape(a.shape) for part, a in zip(np.split(keep, ends), arrays)]
