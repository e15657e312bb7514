# SPDX-License-Identifier: Apache-2.0
"""Additive powers of two (Li, Dong and Wang, ICLR 2020, equation 5)."""
import functools
import itertools

import numpy as np

from prune import weight_scale
from prune.errors import UserError
from prune.options import Option
from prune.schemes import Scheme, scheme

_MOST_BITS = 15  # of a magnitude in a bundle


@scheme("apot")
class AdditivePowersOfTwo(Scheme):
    summary = "Magnitudes that are sums of n powers of two, each from its own, interleaved set of exponents."
    options = (
        Option("terms", int, 2, "Powers of two that are added, n.", minimum=1, maximum=_MOST_BITS),
        Option("base_bits", int, 2, "Bits that choose a term, k: zero or one of 2^k - 1 powers.", minimum=1, maximum=4),
        *weight_scale.OPTIONS,
    )

    def check(self, options):
        if self.magnitude_bits(options) > _MOST_BITS:
            raise UserError(
                f"--terms {options['terms']} --base-bits {options['base_bits']}: magnitudes have "
                f"{self.magnitude_bits(options)} bits, terms x (2^base_bits - 1), and may have {_MOST_BITS}; give less"
            )

    def magnitude_bits(self, options):
        return options["terms"] * (2 ** options["base_bits"] - 1)

    def step(self, weight, options):
        top = int(_levels(options["terms"], options["base_bits"])[-1])
        return np.full(len(weight), weight_scale.layer_step(weight, lambda m: self.nearest(m, options), top, options))

    def nearest(self, magnitude, options):
        """Ties go to the smaller level."""
        levels = _levels(options["terms"], options["base_bits"])
        return levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, magnitude)]


@functools.lru_cache(maxsize=None)
def _levels(terms, base_bits):
    """All magnitudes, ascending: term i adds nothing or 2^-(i + terms j), j = 0 .. 2^base_bits - 2, as integers."""
    most = terms * (2**base_bits - 1) - 1
    powers = [[0, *(2 ** (most - i - terms * j) for j in range(2**base_bits - 1))] for i in range(terms)]
    return np.array(sorted(map(sum, itertools.product(*powers))), dtype=np.int64)
