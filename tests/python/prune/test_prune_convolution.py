# SPDX-License-Identifier: Apache-2.0
"""Exact convolutions: the fast one equals the plain one, and is not trusted where it does not."""
import numpy as np
import pytest

from prune import convolution, reference


def operands(seed, top=255, weight=127):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, top + 1, size=(3, 5, 9, 8))
    return x, rng.integers(-weight, weight + 1, size=(6, 5, 3, 2)).astype(np.int16), (2, 1), (1, 0, 2, 1), 7


def fast():
    pytest.importorskip("torch", reason="the fast convolution needs PyTorch")
    return convolution.fastest(convolution.MANY)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("top, weight", [(1, 1), (255, 127), (255, 255), (2**15, 2**15 - 1)])
def test_fast_equals_plain(seed, top, weight):
    given = operands(seed, top, weight)
    np.testing.assert_array_equal(fast()(*given), convolution.by_numpy(*given))


def test_a_convolution_that_is_not_exact_is_not_trusted(monkeypatch):
    convolve, given = fast(), operands(0)
    monkeypatch.setattr(convolve, "_convolve", lambda *a: convolution.by_numpy(*a) + 2.0**-8)
    for _ in range(2):
        np.testing.assert_array_equal(convolve(*given), convolution.by_numpy(*given))


def test_few_samples_do_without_pytorch():
    assert convolution.fastest(convolution.MANY - 1) is convolution.by_numpy


@pytest.mark.parametrize("most, expected", [(2**15 - 1, np.float32), (2**15, np.float64), (2**44, np.int64)])
def test_the_type_holds_every_partial_sum(most, expected):
    weight = np.array([[-256, 1], [256, 3]])  # sums of up to 512 * most
    assert convolution.exact_type(most, weight) == expected


def test_beyond_double_sums_stay_exact():
    x = np.array([2**40, 1]).reshape(1, 2, 1, 1)
    weight = np.array([2**14, 1], np.int16).reshape(1, 2, 1, 1)
    assert convolution.by_numpy(x, weight, (1, 1), (0,) * 4, 0).item() == 2**54 + 1


def test_rounding_can_write_in_place():
    values = np.array([0.5, 1.5])
    assert reference.rhe(values, out=values) is values and values.tolist() == [0.0, 2.0]
