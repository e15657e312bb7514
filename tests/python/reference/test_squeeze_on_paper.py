# SPDX-License-Identifier: Apache-2.0
"""Squeezing, grouping, alignment and skipping in the NumPy reference against results worked out by hand."""
from dataclasses import replace

import numpy as np
import pytest

import hardware as hw
import mapping as mp
import s_window
import squeeze as sq

FIGURE_3 = np.array([[10, 12], [4, 1], [6, 2], [4, 6]])  # SME Fig. 3: 4-bit weights of two filters
FIGURE_3_INPUTS = [[2, 6, 4, 5]]  # 3 bits


def make_hardware(squeeze="all", degree=1, mode="exact", signs="magnitude", rows=2, columns=2, cell=1, dac=1,
                  **changes):
    plain = hw.Hardware(rows, columns, cell, dac, "rows", 4, "lossless", "clip", "all", "bit_sliced", signs, False)
    return replace(plain, squeeze=squeeze, squeeze_degree=degree, squeeze_mode=mode, **changes)


def run(weights, x, hardware, magnitude_bits, activation_bits, signed=False):
    mapped = mp.map_layer(weights, magnitude_bits, hardware, activation_bits)
    total, counts = hw.run_layer(mapped.groups, np.shape(weights)[1], np.array(x), activation_bits, signed,
                                 magnitude_bits, hardware, hw.lossless_bits([mapped], hardware))
    return (total / 256).tolist(), counts, mapped


def planes_left(group, planes):
    return sorted(planes - int(slot[0].exponent[0]) for slot in group.slots)


@pytest.mark.parametrize("signs", ["magnitude", "differential"])
@pytest.mark.parametrize("mode", ["mask", "exact"])
def test_squeezed_example_of_sme_figure_3(signs, mode):
    y, counts, mapped = run(FIGURE_3, FIGURE_3_INPUTS, make_hardware(mode=mode, signs=signs), 4, 3)
    assert y == [[88, 68]]
    assert [planes_left(group, 4) for group in mapped.groups] == [[2, 3, 4], [2, 3]]  # 5 of 8 crossbars
    assert counts["bit_cycles"] == 4 + 3 and counts["adc_conversions"] == (3 * 4 + 2 * 3) * 2
    assert [group.shift.tolist() for group in mapped.groups] == [[1, 0], [0, 0]]
    assert (mapped.squared_error, mapped.squared_weight) == (0, 353)
    pairs = 1 if signs == "magnitude" else 2
    assert dict(mapped.index) == {"row_mask": 2, "occupancy": 8 * pairs, "permutation": 0}


@pytest.mark.parametrize("activation_bits, degree", [(3, 0), (4, 1)])
@pytest.mark.parametrize("policy", ["winning", "auto"])
def test_figure_3_pays_from_four_input_bits_on(policy, activation_bits, degree):
    """4 arrays x 3 cycles = 3 x 4: no gain; 4 x 4 > 3 x 5 (SME, equation 3 with every row of a crossbar charged)."""
    mapped = mp.map_layer(FIGURE_3, 4, make_hardware(policy), activation_bits)
    assert [group.degree for group in mapped.groups] == [degree, 0]


def test_squeezing_into_an_empty_plane_does_not_pay():
    """8 occupies plane 1 alone and would move to plane 2. 6 and 8: planes 1, 2, 3 would become 2, 3. 10 and 2: planes
    1 and 3 would become 2, 3 and 4, which is worse. A 9 beside 8 loses its last bit."""
    winning = make_hardware("winning")
    for column, degree in (([8], 0), ([6, 8], 1), ([10, 2], 0)):
        assert mp.map_layer([[weight] for weight in column], 4, winning, 8).groups[0].degree == degree
    mapped = mp.map_layer([[9, 8]], 4, make_hardware("all"), 8)
    assert mapped.squared_error == 1 and mapped.squared_weight == 81 + 64
    assert planes_left(mapped.groups[0], 4) == [2]


def test_auto_keeps_to_the_error_cap():
    """9 and 6: planes 1 2 3 4 occupied. Degree 1 (shift 1): 4 and 6, loss 1 of 117. Degree 2 (exact: 2 and 1): 2
    and 3, loss 1. Degree 3 (3 and 2): 1 and 1, loss 1 + 4. With 8 input bits: 4 x 8, 2 x 9, 2 x 10, 1 x 11."""
    weights = [[9], [6]]
    for cap, degree in ((0.0, 0), (0.5 / 117, 0), (1 / 117, 1), (4.9 / 117, 1), (5 / 117, 3)):
        hardware = make_hardware("auto", 3, error_cap=cap)
        assert mp.map_layer(weights, 4, hardware, 8).groups[0].degree == degree, cap
    with pytest.raises(ValueError, match="no plane"):
        mp.map_layer(weights, 4, make_hardware("auto", 4), 8)


def test_shift_classes():
    first = np.array([1, 2, 3, 4, sq.NEVER])
    assert sq.steps(first, 3, "exact").tolist() == [3, 2, 1, 0, 0]
    assert sq.steps(first, 3, "mask").tolist() == [3, 3, 3, 0, 0]
    assert sq.steps(first, 0, "exact").tolist() == [0] * 5 == sq.steps(first, 0, "mask").tolist()


def test_planes_of_wide_cells_end_at_the_least_bit():
    """5 bits in 2-bit cells: planes of 1, 2 and 2 bits; 16 reaches plane 1, 15 plane 2, 3 plane 3."""
    weights = np.array([[16, 0], [15, -1], [3, 3], [0, 0]])
    assert sq.first_planes(weights, 3, 2).tolist() == [1, 2, 3, sq.NEVER]
    assert sq.shifts(weights, 2, "exact", 3, 2).tolist() == [4, 2, 0, 0]
    assert sq.shifted(weights, np.array([4, 2, 0, 0])).tolist() == [[1, 0], [3, 0], [3, 3], [0, 0]]
    assert sq.squared_error(weights, np.array([4, 2, 0, 0])) == 3**2 + 1


@pytest.mark.parametrize("dac, cycles", [(1, 12), (2, 6), (3, 4)])
def test_streams_of_wide_cells_and_converters(dac, cycles):
    """8 input bits and a shift of 4: 12 bits in all."""
    y, counts, _ = run([[16], [7]], [[255, 1], [3, 200]], make_hardware(degree=2, cell=2, dac=dac), 5, 8)
    # 7 is in planes 2 (1) and 3 (3): it moves one plane down and keeps 1 of 4.
    assert y == [[16 * 255 + 4 * 1], [16 * 3 + 4 * 200]]
    assert counts["bit_cycles"] == 2 * cycles
    assert sq.stream_cycles(8, 4, dac) == cycles and sq.stream_cycles(8, 3, 2) == 6


def test_signed_inputs_keep_their_sign_when_aligned():
    hardware = make_hardware(degree=1, signs="differential")
    y, counts, mapped = run([[12], [-3]], [[-4, -4], [3, -1], [-1, 3]], hardware, 4, 3, signed=True)
    assert mapped.groups[0].shift.tolist() == [1, 0]
    assert y == [[-36], [39], [-21]]
    assert counts["bit_cycles"] == 3 * 4


def test_skipped_bit_cycles():
    """Row 1 shifts by one: x = (2, 0) is driven as 0100 and 0000, (0, 4) as 0100 in row 2, (5, 5) as 1010 and 0101."""
    hardware = make_hardware(zero_skip=True, charge="ones")
    y, counts, _ = run([[12], [3]], [[2, 0], [0, 4], [5, 5], [0, 0]], hardware, 4, 3)
    assert y == [[24], [12], [75], [0]]
    assert (counts["bit_cycles"], counts["bit_cycles_skipped"]) == (1 + 1 + 4, 3 + 3 + 4)
    assert counts["crossbar_reads"] == 3 * 6  # planes 2, 3 and 4: 6 = 0110 and 3 = 0011
    assert counts["adc_conversions"] == 3 * 6 * 2 and counts["dac_drives"] == 3 * 6


def test_rows_are_sorted_by_workload_and_stay_in_order_otherwise():
    """First planes 3, 1, 2, 1, never, 2: with degree 2 the workloads are 0, 2, 1, 2, 0, 1."""
    weights = np.array([[2], [8], [4], [9], [0], [5]])
    assert sq.sorted_rows(weights, 2, 4, 1).tolist() == [1, 3, 2, 5, 0, 4]
    mapped = mp.map_layer(weights, 4, make_hardware(degree=2, grouping="sorted"), 8)
    assert [group.rows.tolist() for group in mapped.groups] == [[1, 3], [2, 5], [0, 4]]
    assert [group.shift_bits for group in mapped.groups] == [2, 1, 0]
    # 6 rows x 3 bits; two shifted groups x 2 rows x 2 bits (classes 0, 1, 2); 3 groups x 4 planes
    assert dict(mapped.index) == {"permutation": 18, "row_mask": 8, "occupancy": 12}
    identity = mp.map_layer(weights, 4, make_hardware("off", grouping="sorted"), 8)
    assert identity.index["permutation"] == 0 and identity.order.tolist() == [*range(6)]


def test_classes_are_those_of_the_column_block():
    """Two column blocks of one channel: row 1 is long in the first, row 2 in the second."""
    mapped = mp.map_layer([[8, 1], [1, 8]], 4, make_hardware(columns=1), 8)
    assert [group.shift.tolist() for group in mapped.groups] == [[1, 0], [0, 1]]


@pytest.mark.parametrize("text, wanted", [("", {}), ("conv1=2, fc=0", {"conv1": 2, "fc": 0}), (" a = 3 ", {"a": 3})])
def test_overrides(text, wanted):
    assert sq.overrides(text) == wanted


@pytest.mark.parametrize("value, bits", [(0.876, "11100000"), (0.618, "10100000"), (0.389, "01100000"),
                                         (0.020, "00000101")])
def test_window_of_sme_figure_4(value, bits):
    assert format(int(s_window.codes([value], 3, 8, 1.0)[0]), "08b") == bits
    assert s_window.codes([-value], 3, 8, 1.0)[0] == -int(bits, 2)


def test_window_edges():
    """0 below half the last bit; the largest code is 1 - 2^-3; ties go to the even multiple."""
    values = [0.0, 2.0**-10, 2.0**-9 * 0.999, 2.0**-9, 0.99, 2.0**-8 * 1.5, 0.5625, 0.6875, 0.9375]
    # a = 2^-9 is half a step of 2^-8: the even multiple is 0
    assert s_window.codes(values, 3, 8, 1.0).tolist() == [0, 0, 0, 0, 224, 2, 128, 192, 224]
    assert s_window.power_of_two_scale(np.array([0.1, -0.875]), 3) == 1.0
    assert s_window.power_of_two_scale(np.array([0.1, -0.876]), 3) == 2.0
