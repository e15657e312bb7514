# SPDX-License-Identifier: Apache-2.0
"""The contract that every registered weight scheme keeps, and what is special to each."""
import numpy as np
import pytest

from prune.options import resolve
from prune.schemes import SCHEMES


def options(scheme, **given):
    return resolve(scheme.options, {name: str(value) for name, value in given.items()}, "the test")


def test_s_window_gives_the_published_examples():
    """Figure 4 of the SME paper: S = 3, 8 bits, scale 1."""
    scheme = SCHEMES.get("s_window")
    weight = np.array([[0.876, 0.618, 0.389, 0.020]])
    codes = scheme.round(weight, np.array([2.0**-8]), options(scheme))
    assert [f"{code:08b}" for code in codes[0]] == ["11100000", "10100000", "01100000", "00000101"]
    projected = scheme.project(np.array([[-0.875, 0.618, 0.389, -0.020]]), options(scheme))
    assert projected.step.tolist() == [2.0**-8] and projected.magnitude_bits == 8
    assert projected.values().tolist() == [[-0.875, 0.625, 0.375, -0.01953125]]
