# SPDX-License-Identifier: Apache-2.0
"""The bit-sparse pattern of SME (ICCD 2021, section III-A, equation 2): a weight keeps `window` consecutive bits from
its own leading one on, out of `bits` fraction bits."""
import numpy as np


def power_of_two_scale(weights, window):
    """The power of two by which the largest magnitude comes to 1 - 2^-window at most."""
    return 2.0 ** np.ceil(np.log2(np.abs(weights).max() / (1 - 2.0**-window)))


def codes(weights, window, bits, scale):
    """Signed integers of `bits` magnitude bits; ties go to the even multiple of the step."""
    a = np.abs(np.asarray(weights, dtype=np.float64)) / scale
    leading = np.maximum(1, np.ceil(-np.log2(np.maximum(a, 2.0 ** -(bits + 2)))))  # 2^-leading <= a
    step = 2.0 ** -np.minimum(leading + window - 1, bits)
    quantised = np.minimum(step * np.rint(a / step), 1 - 2.0**-window)
    quantised[a < 2.0 ** -(bits + 1)] = 0
    return (np.sign(weights) * quantised * 2**bits).astype(np.int64)
