# SPDX-License-Identifier: Apache-2.0
"""The NumPy reference against results worked out with paper and pencil, and against PyTorch."""
from collections import Counter

import numpy as np
import pytest

import hardware as hw
import mapping as mp
import network as nw
import random_cases as rc


def make_hardware(signs="differential", scheme="bit_sliced", flip=False, rows=8, columns=8, cell=1, dac=1, adc=4,
                  resolution="fixed", adc_range="clip", scan="all", charge="rows"):
    return hw.Hardware(rows, columns, cell, dac, charge, adc, resolution, adc_range, scan, scheme, signs, flip)


def run(weights, x, hardware, magnitude_bits, activation_bits=1, signed=False):
    """One layer without bias: results in units of one (not 1/256), counts without the histogram, and the groups."""
    mapped = mp.map_layer(np.array(weights), magnitude_bits, hardware, activation_bits)
    bits = hardware.adc_bits
    if hardware.resolution == "lossless":
        bits = hw.lossless_bits([mapped], hardware)
    groups = mapped.groups
    total, counts = hw.run_layer(groups, np.shape(weights)[1], np.array(x), activation_bits, signed, magnitude_bits,
                                 hardware, bits)
    return total / 256, Counter({name: count for name, count in counts.items() if isinstance(name, str)}), groups


def golden_planes(group):
    """Allocated planes of a row group, most significant first, counted from 1."""
    return sorted(4 - int(array.exponent[0]) for slot in group.slots for array in slot)


@pytest.mark.parametrize("signs", ["differential", "magnitude"])
def test_sliced_example_of_sme_figure_3(signs):
    weights = [[10, 12], [4, 1], [6, 2], [4, 6]]
    hardware = make_hardware(signs, rows=2, columns=2, resolution="lossless")
    y, counts, groups = run(weights, [[2, 6, 4, 5]], hardware, magnitude_bits=4, activation_bits=3)
    assert y.tolist() == [[88, 68]]
    assert [golden_planes(group) for group in groups] == [[1, 2, 3, 4], [2, 3]]  # XB5 and XB8 are not allocated
    assert counts == Counter(waves=1, row_groups=2, crossbars=6, bit_cycles=2 * 3, adc_conversions=6 * 3 * 2,
                             adc_clipped=0, crossbar_reads=6 * 3, dac_drives=6 * 3 * 2)


@pytest.mark.parametrize("signs, wanted", [("magnitude", 2048), ("offset", 2064)])
def test_isaac_conversions_per_mac(signs, wanted):
    """16-bit weights in 2-bit cells and 16-bit inputs: 1.0 conversions per MAC, 129/128 with the unit column."""
    random = rc.generator(1, 0)
    weights = random.integers(-(2**15) + 1, 2**15, (128, 16))
    hardware = make_hardware(signs, "conventional", rows=128, columns=128, cell=2, adc=8, scan="all")
    _, counts, _ = run(weights, random.integers(0, 2**16, (3, 128)), hardware, 15, activation_bits=16)
    assert counts["adc_conversions"] == 3 * wanted
    assert counts["crossbars"] == 1 and counts["bit_cycles"] == 3 * 16
    assert counts["adc_conversions"] / (3 * 128 * 16) == (1.0 if signs == "magnitude" else 129 / 128)


def test_isaac_adc_rule():
    """R = 128, 1-bit inputs, 2-bit cells: 9 bits, and 8 with flip encoding (ISAAC, section V)."""
    weights = np.full((128, 1), 2**15 - 1)  # all digits but the top one at level 3
    for flip, bits in ((False, 9), (True, 8)):
        hardware = make_hardware("offset", "conventional", flip, rows=128, columns=128, cell=2)
        assert hw.lossless_bits([mp.map_layer(weights, 15, hardware)], hardware) == bits


@pytest.mark.parametrize("scheme, conversions, reads", [("bit_sliced", 16, 2), ("conventional", 16, 2)])
def test_four_ones_in_a_two_bit_converter(scheme, conversions, reads):
    """Two digit columns, each with the sum 4 read as 3: 3 * 1 + 3 * 2 instead of 12. Sliced, the negative planes do
    not exist; conventional, the negative array is there and adds conversions of zero."""
    y, counts, _ = run([[3]] * 4, [[1, 1, 1, 1]], make_hardware(scheme=scheme, adc=2, charge="ones"), 2)
    assert y.tolist() == [[9]]
    assert counts == Counter(waves=1, row_groups=1, crossbars=2, bit_cycles=1, adc_conversions=conversions,
                             adc_clipped=2, crossbar_reads=reads, dac_drives=8)


@pytest.mark.parametrize("signs, crossbars, clipped", [("differential", 3, 2), ("magnitude", 2, 2)])
def test_signed_columns_clip_before_the_subtraction(signs, crossbars, clipped):
    """Weights 3, 3, -1: plane 0 reads min(2, 1) - 1, plane 1 reads min(2, 1) - 0, so 0 + 2 instead of 5."""
    y, counts, _ = run([[3], [3], [-1]], [[1, 1, 1]], make_hardware(signs, adc=1), 2)
    assert y.tolist() == [[2]]
    assert (counts["crossbars"], counts["adc_clipped"]) == (crossbars, clipped)


def test_a_pair_clips_once():
    """Both polarities of both planes reach 2: four clipped conversions, or two when a pair counts as one."""
    weights, x = [[3], [-3], [3], [-3]], [[1, 1, 1, 1]]
    clips = {signs: run(weights, x, make_hardware(signs, adc=1), 2)[1]["adc_clipped"]
             for signs in ("differential", "magnitude")}
    assert clips == {"differential": 4, "magnitude": 2}


@pytest.mark.parametrize("adc, result, clipped", [(2, 0, 0), (1, 1, 3)])
def test_the_unit_column_clips_too(adc, result, clipped):
    """u = 3, 2, 1: sums 2 and 2 of the digits and 3 of the unit column; 1-bit codes give 2 + 1 - 2."""
    hardware = make_hardware("offset", "conventional", adc=adc, scan="mapped")
    y, counts, _ = run([[1], [0], [-1]], [[1, 1, 1]], hardware, 1)
    assert y.tolist() == [[result]]
    assert (counts["adc_conversions"], counts["adc_clipped"]) == (3, clipped)


@pytest.mark.parametrize("adc, result, clipped", [(3, 2, 0), (1, -1, 1)])
def test_flipped_columns(adc, result, clipped):
    """u = 3, 3, 3, 1: the columns 1110 and 1111 are stored as 0001 and 0000; the unit column reads 4 (or 1)."""
    hardware = make_hardware("offset", "conventional", True, adc=adc, scan="occupied")
    y, counts, groups = run([[1], [1], [1], [-1]], [[1, 1, 1, 1]], hardware, 1)
    array = groups[0].slots[0][0]
    assert array.levels.T.tolist() == [[0, 0, 0, 1], [0, 0, 0, 0]]
    assert array.sum_bound(1) == 4
    assert y.tolist() == [[result]]
    assert (counts["adc_conversions"], counts["adc_clipped"]) == (2, clipped)


def test_a_column_at_half_is_not_flipped():
    hardware = make_hardware("offset", "bit_sliced", True)
    groups = mp.map_layer(np.array([[1], [0], [-1], [-1]]), 1, hardware).groups  # u = 3, 2, 1, 1
    low, high = (slot[0] for slot in groups[0].slots)
    assert not high.flipped[0] and high.levels[:, 0].tolist() == [1, 1, 0, 0]
    assert low.flipped[0] and low.levels[:, 0].tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("rows, step, codes", [
    (6, 512, {0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3}),  # half a step rounds up
    (7, 598, {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3}),  # ceil(1792 / 3)
    (3, 256, {0: 0, 1: 1, 2: 2, 3: 3}),
])
def test_full_range_steps(rows, step, codes):
    hardware = make_hardware(adc=2, adc_range="full")
    for ones, code in codes.items():
        x = [[1] * ones + [0] * (rows - ones)]
        y, counts, _ = run([[1]] * rows, x, hardware, 1)
        assert y[0, 0] * 256 == code * step
        assert counts["adc_clipped"] == 0


def test_the_top_plane_removes_the_offset():
    """w = 3, u = 11: digits 2 and 3 in 2-bit cells, 1-bit codes. Steps 2 and 3 read the digits as 2 and 3, the unit
    columns as 2 (top plane) and 0: 2 * 4 + 3 - 8 * 2."""
    y, counts, groups = run([[3]], [[1]], make_hardware("offset", cell=2, adc=1, adc_range="full"), 3)
    assert [slot[0].sum_bound(1) for slot in groups[0].slots] == [3, 2]
    assert y.tolist() == [[-5]]
    assert counts["adc_clipped"] == 0


def test_signed_inputs_subtract_their_top_bit():
    y, counts, _ = run([[5]], [[-3], [3], [-4]], make_hardware(charge="ones"), 3, activation_bits=3, signed=True)
    assert y.tolist() == [[-15], [15], [-20]]
    assert counts["dac_drives"] == 2 * (2 + 2 + 1)  # 101, 011, 100 into two arrays
    with pytest.raises(ValueError):
        run([[5]], [[-3]], make_hardware(dac=2), 3, activation_bits=3, signed=True)


def test_wide_drives():
    """3-bit inputs through 2-bit DACs: two bit-cycles, the second with the top bit alone."""
    y, counts, groups = run([[3], [1]], [[7, 4]], make_hardware(dac=2, charge="ones"), 2, activation_bits=3)
    assert y.tolist() == [[25]]
    assert groups[0].slots[0][0].sum_bound(2) == 6
    assert (counts["bit_cycles"], counts["dac_drives"]) == (2, 2 * 3)  # 7 drives twice, 4 once, two arrays


def test_blocks_and_what_is_scanned():
    """5 rows in blocks of 4 and 3 weights in blocks of 2; the lower block holds nothing but one weight."""
    weights = [[1, 0, 2], [0, 0, 0], [3, 0, 0], [0, 0, 0], [0, 2, 0]]
    wanted = {  # crossbars, row groups, conversions for all, mapped and occupied columns
        ("conventional", "magnitude"): (4, 4, 4 * 5, 2 * 4 + 2 * 2, 2 + 1 + 1 + 0),
        ("conventional", "differential"): (8, 4, 8 * 5, 2 * (2 * 4 + 2 * 2), 2 + 1 + 1 + 0),
        # one column block of three channels: planes 0 and 1 of the upper row block, plane 1 of the lower one
        ("bit_sliced", "differential"): (3, 2, 3 * 5, 3 * 3, 1 + 2 + 1),
    }
    for (scheme, signs), (crossbars, groups, *conversions) in wanted.items():
        for scan, count in zip(("all", "mapped", "occupied"), conversions):
            hardware = make_hardware(signs, scheme, rows=4, columns=5, scan=scan)
            y, counts, _ = run(weights, [[1, 1, 1, 1, 1]], hardware, 2)
            assert y.tolist() == [[4, 2, 2]]
            assert counts["adc_conversions"] == count, (scheme, signs, scan)
            assert (counts["crossbars"], counts["row_groups"]) == (crossbars, groups)


def test_weights_of_zero():
    zeros, x = np.zeros((6, 3), dtype=int), np.ones((2, 6), dtype=int)
    for signs, flip in (("differential", False), ("magnitude", False), ("offset", False), ("offset", True)):
        for scheme in ("conventional", "bit_sliced"):
            y, counts, _ = run(zeros, x, make_hardware(signs, scheme, flip, resolution="lossless"), 2)
            assert not y.any()
            empty = scheme == "bit_sliced" and signs != "offset"
            assert (counts["bit_cycles"] == 0) == empty == (counts["crossbars"] == 0)


def codes(zero=0, bits=8, signed=True):
    whole = nw.Codes(bits, signed, 1.0, zero, 0, 0)
    return nw.Codes(bits, signed, 1.0, zero, whole.lowest, whole.highest)


@pytest.mark.parametrize("total, wanted", [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2), (2, 1)])
def test_average_pool_rounds_half_to_even(total, wanted):
    x = np.array([[[[total + 7, 7]]]])  # zero point 7
    attributes = {"kernel": [1, 2], "stride": [1, 2], "padding": [0, 0, 0, 0], "count_include_pad": True,
                  "multiplier": 0.5}
    layer = nw.Layer("p", "average_pool", ["x"], codes(zero=3), attributes)
    assert nw.vector_layer(layer, [x], [codes(zero=7)]).item() == wanted + 3


@pytest.mark.parametrize("include, corner", [(True, 2), (False, 10)])
def test_average_pool_at_the_border(include, corner):
    """A 2x2 window with one valid element of value 10 above its zero point: 10 / 4 = 2.5 -> 2, or 10 / 1."""
    attributes = {"kernel": [2, 2], "stride": [2, 2], "padding": [1, 1, 0, 0], "count_include_pad": include,
                  "multiplier": 0.25}
    layer = nw.Layer("p", "average_pool", ["x"], codes(), attributes)
    assert nw.vector_layer(layer, [np.array([[[[14]]]])], [codes(zero=4)]).item() == corner


def test_add_relu_requantise_and_max_pool():
    x, y = np.array([[[[5, -3]]]]), np.array([[[[2, 2]]]])
    add = nw.Layer("a", "add", ["x", "y"], codes(zero=-1), {"multipliers": [0.5, 0.25]})
    assert nw.vector_layer(add, [x, y], [codes(zero=1), codes()]).ravel().tolist() == [1, -3]  # 2.5 -> 2; -1.5 -> -2
    relu = nw.Layer("r", "relu", ["x"], codes(zero=1))
    assert nw.vector_layer(relu, [x], [codes(zero=1)]).ravel().tolist() == [5, 1]
    requantise = nw.Layer("q", "requantise", ["x"], codes(bits=3), {"multiplier": 1.5})
    assert nw.vector_layer(requantise, [x], [codes()]).ravel().tolist() == [3, -4]
    pool = nw.Layer("m", "max_pool", ["x"], codes(), {"kernel": [2, 2], "stride": [1, 1], "padding": [1, 0, 0, 1]})
    assert nw.vector_layer(pool, [x], [codes()]).ravel().tolist() == [5, -3]  # padding never wins


def test_subsample_keeps_every_stride_th_pixel_and_pads_channels():
    attributes = {"stride": [2, 3], "channel_padding": [1, 0]}
    layer = nw.Layer("s", "subsample", ["x"], codes(zero=9), attributes)
    y = nw.vector_layer(layer, [np.arange(12).reshape(1, 1, 3, 4)], [codes(zero=9)])
    assert y.tolist() == [[[[9, 9], [9, 9]], [[0, 3], [8, 11]]]]


def test_requantisation_of_accumulators_in_256ths():
    layer = nw.Layer("c", "conv2d", ["x"], codes(), {}, bias=np.array([1], dtype=np.int32),
                     multiplier=np.array([0.5]))
    sums = np.array([128, 512, -256 * 6, 256 * 999]).reshape(1, 1, 2, 2)  # 0.5, 2, -6, 999
    assert nw.finish(layer, sums).ravel().tolist() == [1, 2, -2, 127]  # 0.75, 1.5, -2.5, 500


def test_operators_against_torch():
    torch = pytest.importorskip("torch")
    random = rc.generator(2, 0)
    x = random.integers(-20, 20, (2, 3, 7, 6))
    weight = random.integers(-9, 9, (4, 3, 3, 2))
    layer = nw.Layer("c", "conv2d", ["x"], None, {"stride": [2, 1], "padding": [1, 2, 1, 2]}, 4, weight)
    image = torch.from_numpy(x).double()
    wanted = torch.nn.functional.conv2d(image, torch.from_numpy(weight).double(), stride=(2, 1), padding=(1, 2))
    assert np.array_equal(nw.direct_accumulators(layer, x, codes()), wanted.numpy())
    attributes = {"kernel": [3, 2], "stride": [2, 2], "padding": [1, 1, 1, 1]}
    wanted = torch.nn.functional.max_pool2d(image, (3, 2), 2, 1).numpy()
    assert np.array_equal(nw.max_pool(nw.Layer("m", "max_pool", [], None, attributes), x, codes()), wanted)
    for include in (True, False):
        pool = nw.Layer("p", "average_pool", [], codes(), attributes | {"count_include_pad": include,
                                                                        "multiplier": 4.0 / 6})
        wanted = torch.nn.functional.avg_pool2d(4 * image, (3, 2), 2, 1, count_include_pad=include).round().numpy()
        assert np.abs(nw.average_pool(pool, x, codes()) - np.clip(wanted, -128, 127)).max() <= 1  # ties may differ
