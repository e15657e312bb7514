# SPDX-License-Identifier: Apache-2.0
"""The contract that every registered weight scheme keeps, and what is special to each."""
import itertools

import numpy as np
import pytest

from prune import weight_scale
from prune.errors import UserError
from prune.options import resolve
from prune.schemes import SCHEMES

SCALES = weight_scale.OPTIONS[0].choices


def options(scheme, **given):
    return resolve(scheme.options, {name: str(value) for name, value in given.items()}, "the test")


def weights(seed, shape=(8, 5, 3, 3)):
    """Heavy-tailed, as trained weights are."""
    return np.random.default_rng(seed).standard_t(4, size=shape) * 0.05


def variants():
    """Every scheme with every choice of its layer scale, and some with other widths."""
    for name in SCHEMES.names():
        scales = SCALES if any(o.name == "weight_scale" for o in SCHEMES.get(name).options) else [None]
        for scale in scales:
            yield name, {"weight_scale": scale} if scale else {}
    yield "s_window", {"window": 1, "bits": 4}
    yield "s_window", {"window": 5, "bits": 5, "weight_scale": "learned"}
    yield "apot", {"terms": 3, "base_bits": 2, "weight_scale": "clip"}
    yield "uniform", {"weight_bits": 2}


@pytest.fixture(params=list(variants()), ids=str)
def case(request):
    name, given = request.param
    scheme = SCHEMES.get(name)
    return scheme, options(scheme, **given)


def test_is_described(case):
    scheme, _ = case
    assert scheme.summary.endswith(".") and all(option.doc.endswith(".") for option in scheme.options)


@pytest.mark.parametrize("seed", range(4))
def test_codes_fit_the_bundle_format(case, seed):
    scheme, given = case
    codes = scheme.project(weights(seed), given)
    assert codes.codes.dtype == np.int64 and codes.codes.shape == (8, 5, 3, 3)
    assert codes.step.shape == (8,) and codes.step.dtype == np.float64 and (codes.step > 0).all()
    assert codes.magnitude_bits == scheme.magnitude_bits(given) <= 15
    assert np.abs(codes.codes).max() < 2**codes.magnitude_bits


@pytest.mark.parametrize("seed", range(8))
def test_projecting_again_changes_nothing(case, seed):
    scheme, given = case
    once = scheme.project(weights(seed), given)
    twice = scheme.project(once.values(), given)
    np.testing.assert_allclose(twice.values(), once.values(), rtol=1e-14)


def test_takes_the_nearest_of_its_levels(case):
    """Against all levels, found by rounding every integer: each is its own nearest."""
    scheme, given = case
    top = 2 ** scheme.magnitude_bits(given)
    levels = np.unique(scheme.nearest(np.arange(float(top)), given))
    np.testing.assert_array_equal(scheme.nearest(levels.astype(float), given), levels)
    magnitudes = np.random.default_rng(0).uniform(0, 1.5 * top, size=3000)
    distance = np.abs(magnitudes[:, np.newaxis] - levels).min(axis=1)
    np.testing.assert_array_equal(np.abs(magnitudes - scheme.nearest(magnitudes, given)), distance)


def test_is_symmetric_and_depends_on_its_arguments_only(case):
    scheme, given = case
    w = weights(1)
    first, second, negative = (scheme.project(a, given) for a in (w, weights(1), -w))
    np.testing.assert_array_equal(first.codes, second.codes)
    np.testing.assert_array_equal(first.codes, -negative.codes)
    np.testing.assert_array_equal(first.step, second.step)
    np.testing.assert_array_equal(w, weights(1))


def test_zeros_stay_zero(case):
    scheme, given = case
    w = weights(2) * (np.random.default_rng(2).random((8, 5, 3, 3)) < 0.3)
    assert not scheme.project(w, given).codes[w == 0].any()
    nothing = scheme.project(np.zeros((3, 4)), given)
    assert not nothing.codes.any() and (nothing.step > 0).all()


def test_patterns_have_one_step_per_layer(case):
    scheme, given = case
    steps = set(scheme.project(weights(3), given).step)
    assert (len(steps) == 1) == scheme.has_pattern


@pytest.mark.parametrize("name", [n for n in SCHEMES.names() if SCHEMES.get(n).has_pattern])
@pytest.mark.parametrize("seed", range(4))
def test_a_better_scale_has_less_error(name, seed):
    scheme, w = SCHEMES.get(name), weights(seed)
    values = {scale: scheme.project(w, options(scheme, weight_scale=scale)).values() for scale in SCALES}
    error = {scale: np.sum((w - v) ** 2) for scale, v in values.items()}
    assert error["learned"] < error["max"] and error["clip"] <= error["max"]


@pytest.mark.parametrize("scale", ["max", "clip"])
def test_shifts_are_powers_of_two(scale):
    scheme = SCHEMES.get("s_window")
    fraction, _ = np.frexp(scheme.project(weights(5), options(scheme, weight_scale=scale)).step)
    assert (fraction == 0.5).all()


def test_max_clips_nothing():
    scheme, w = SCHEMES.get("s_window"), weights(6)
    codes = scheme.project(w, options(scheme))
    largest = np.abs(w).max() / codes.step[0]
    assert 224 / 2 < largest <= 224  # 224 = 256 (1 - 2^-3); half the scale would clip


def test_clip_saturates_an_outlier():
    w = np.random.default_rng(0).uniform(-0.8, 0.8, size=(4, 100))
    w[0, 0] = 0.9  # just beyond 1 - 2^-3
    scheme = SCHEMES.get("s_window")
    wide, clipped = (scheme.project(w, options(scheme, weight_scale=s, bits=4)) for s in ("max", "clip"))
    assert wide.step[0] == 2 * clipped.step[0] and clipped.codes[0, 0] == 14 and clipped.values()[0, 0] == 0.875


def test_s_window_gives_the_published_examples():
    """Figure 4 of the SME paper: S = 3, 8 bits, scale 1."""
    scheme = SCHEMES.get("s_window")
    codes = scheme.round(np.array([[0.876, 0.618, 0.389, 0.020]]), np.array([2.0**-8]), options(scheme))
    assert [f"{code:08b}" for code in codes[0]] == ["11100000", "10100000", "01100000", "00000101"]
    projected = scheme.project(np.array([[-0.875, 0.618, 0.389, -0.020]]), options(scheme))
    assert projected.step.tolist() == [2.0**-8] and projected.magnitude_bits == 8
    assert projected.values().tolist() == [[-0.875, 0.625, 0.375, -0.01953125]]


@pytest.mark.parametrize("window, bits", [(1, 8), (2, 8), (3, 8), (4, 6), (8, 8)])
def test_s_window_reaches_exactly_the_codes_of_the_pattern(window, bits):
    """Written from equation 2: ones within `window` bits from the leading one, at most 1 - 2^-S."""
    scheme = SCHEMES.get("s_window")
    pattern = {0}
    for code in range(1, 2**bits):
        ones = [i for i, bit in enumerate(f"{code:0{bits}b}", start=1) if bit == "1"]
        if ones[-1] <= ones[0] + window - 1:
            pattern.add(code)
    grid = np.arange(0, 2**bits, 1 / 8)
    reached = scheme.nearest(grid, options(scheme, window=window, bits=bits))
    assert set(reached.tolist()) == pattern and max(pattern) == 2**bits - 2 ** (bits - window)


def test_s_window_gives_ties_to_the_even_multiple():
    scheme = SCHEMES.get("s_window")
    ties = np.array([0.5, 1.5, 2.5, 9.0, 11.0, 18.0, 30.0])
    assert scheme.nearest(ties, options(scheme)).tolist() == [0, 2, 2, 8, 12, 16, 32]


@pytest.mark.parametrize("seed", range(5))
def test_s_window_error_is_bounded(seed):
    """Half of the last bit of the window, 2^-S of the leading one, or half of the last bit of all."""
    scheme, w = SCHEMES.get("s_window"), weights(seed)
    codes = scheme.project(w, options(scheme))
    steps = np.abs(w) / codes.step[0]
    assert (np.abs(steps - np.abs(codes.codes)) <= np.maximum(0.5, steps * 2.0**-3)).all()


def test_powers_of_two_have_one_one():
    scheme = SCHEMES.get("power_of_two")
    codes = np.abs(scheme.project(weights(8), options(scheme)).codes)
    assert {bin(code).count("1") for code in codes.ravel().tolist()} == {0, 1}


@pytest.mark.parametrize("terms, base_bits", [(2, 2), (3, 2), (2, 3), (1, 2)])
def test_additive_powers_of_two_are_those_of_the_paper(terms, base_bits):
    """Equation 5: term i is 0 or 2^-(i + n j), j = 0 .. 2^k - 2."""
    scheme = SCHEMES.get("apot")
    given = options(scheme, terms=terms, base_bits=base_bits)
    sets = [[0] + [2.0 ** -(i + terms * j) for j in range(2**base_bits - 1)] for i in range(terms)]
    paper = sorted({sum(choice) for choice in itertools.product(*sets)})
    bits = scheme.magnitude_bits(given)
    reached = np.unique(scheme.nearest(np.arange(0, 2.0**bits, 0.5), given))
    assert (reached * 2.0 ** (1 - bits)).tolist() == paper


def test_options_that_do_not_fit_each_other_are_refused():
    scheme = SCHEMES.get("s_window")
    with pytest.raises(UserError, match="--window: 5 bits do not fit a magnitude of 4"):
        scheme.check(options(scheme, window=5, bits=4))
    scheme = SCHEMES.get("apot")
    with pytest.raises(UserError, match="magnitudes have 21 bits"):
        scheme.check(options(scheme, terms=3, base_bits=3))
