# SPDX-License-Identifier: Apache-2.0
"""Weights that are powers of two (Zhou et al., Incremental Network Quantization, ICLR 2017)."""
import numpy as np

from prune import weight_scale
from prune.options import Option
from prune.schemes import Scheme, scheme
from prune.schemes.s_window import largest_code, nearest_in_window


@scheme("power_of_two")
class PowerOfTwo(Scheme):
    summary = "Magnitudes with a single one."
    options = (
        Option("bits", int, 8, "Bits of a magnitude, without its sign.", minimum=1, maximum=15),
        *weight_scale.OPTIONS,
    )

    def magnitude_bits(self, options):
        return options["bits"]

    def step(self, weight, options):
        top = largest_code(1, options["bits"])
        return np.full(len(weight), weight_scale.layer_step(weight, lambda m: self.nearest(m, options), top, options))

    def nearest(self, magnitude, options):
        """Ties go to the larger power."""
        return nearest_in_window(magnitude, 1, options["bits"])
