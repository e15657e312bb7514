# SPDX-License-Identifier: Apache-2.0
"""Evenly spaced weights, the common fixed-point quantisation."""
import numpy as np

from prune.options import Option
from prune.schemes import Scheme, scheme


@scheme("uniform")
class Uniform(Scheme):
    summary = "Evenly spaced codes, symmetric about zero, with a step for each output channel."
    options = (
        Option("weight_bits", int, 8, "Bits of a weight with its sign.", minimum=2, maximum=16),
    )
    has_pattern = False

    def magnitude_bits(self, options):
        return options["weight_bits"] - 1

    def step(self, weight, options):
        largest = np.abs(weight.reshape(len(weight), -1)).max(axis=1)
        return np.where(largest > 0, largest / self._top(options), 1.0)

    def nearest(self, magnitude, options):
        return np.minimum(np.rint(magnitude), self._top(options)).astype(np.int64)

    def _top(self, options):
        return 2 ** self.magnitude_bits(options) - 1
