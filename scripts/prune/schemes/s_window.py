# SPDX-License-Identifier: Apache-2.0
"""The bit-sparse weights of SME (Liu et al., ICCD 2021, section III-A, equation 2)."""
import numpy as np

from prune import weight_scale
from prune.errors import UserError
from prune.options import Option
from prune.schemes import Scheme, scheme


@scheme("s_window")
class SWindow(Scheme):
    summary = "Magnitudes whose ones lie within a window of bits that begins at the leading one (SME)."
    options = (
        Option("window", int, 3, "Bits of the window, S.", minimum=1, maximum=15),
        Option("bits", int, 8, "Bits of a magnitude, without its sign, Nq.", minimum=1, maximum=15),
        *weight_scale.OPTIONS,
    )

    def check(self, options):
        if options["window"] > options["bits"]:
            raise UserError(
                f"--window: {options['window']} bits do not fit a magnitude of {options['bits']}; give a smaller "
                "window or more --bits"
            )

    def magnitude_bits(self, options):
        return options["bits"]

    def step(self, weight, options):
        top = largest_code(options["window"], options["bits"])
        step = weight_scale.layer_step(weight, lambda m: self.nearest(m, options), top, options)
        return np.full(len(weight), step)

    def nearest(self, magnitude, options):
        return nearest_in_window(magnitude, options["window"], options["bits"])


def largest_code(window, bits):
    """1 - 2^-S as an integer of `bits` bits."""
    return 2**bits - 2 ** (bits - window)


def nearest_in_window(magnitude, window, bits):
    """The code whose ones lie in a window of bits at the leading one, nearest to a magnitude in steps of 2^-bits.

    The leading one of the magnitude fixes the window's last bit; the magnitude is rounded to a multiple of it, ties
    to the even multiple. Rounding up to the next power of two is in the pattern.
    """
    _, exponent = np.frexp(magnitude)  # 2^(exponent-1) <= magnitude < 2^exponent
    last = np.maximum(exponent - window, 0)
    codes = np.ldexp(np.rint(np.ldexp(magnitude, -last)), last)
    return np.minimum(codes, largest_code(window, bits)).astype(np.int64)
