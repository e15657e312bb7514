# SPDX-License-Identifier: Apache-2.0
"""Laws of squeezing, grouping and skipping, on many random matrices and networks; no simulator is needed."""
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import hardware as hw
import mapping as mp
import network as nw
import random_cases as rc
import squeeze as sq
import squeeze_cases as sc

CASES = range(20)
MATRICES = range(50)
SEED = 5


def random_layer(number):
    """A weight matrix, its magnitude bits, inputs, their bits and lossless hardware that squeezes every group."""
    random = rc.generator(SEED, number)
    bits, cell = int(random.integers(2, 10)), int(random.integers(1, 3))
    planes = hw.ceil_div(bits, cell)
    rows, channels = int(random.integers(1, 40)), int(random.integers(1, 9))
    heavy = random.integers(0, bits + 1, (rows, 1))
    weights = random.integers(-(2**bits) + 1, 2**bits, (rows, channels))
    weights = np.sign(weights) * (np.abs(weights) >> heavy)
    activation_bits = int(random.integers(1, 9))
    inputs = random.integers(0, 2**activation_bits, (3, rows))
    hardware = hw.Hardware(
        int(random.integers(1, 17)), int(random.integers(1, 9)), cell, int(random.integers(1, 4)), "rows", 8,
        "lossless", "clip", "all", "bit_sliced", rc.pick(random, "differential", "magnitude"), False, squeeze="all",
        squeeze_degree=int(random.integers(0, planes)), squeeze_mode=rc.pick(random, *sq.MODES))
    return weights, bits, inputs, activation_bits, hardware


def product(weights, bits, inputs, activation_bits, hardware):
    """Results of a layer in units of one and how it is mapped."""
    mapped = mp.map_layer(weights, bits, hardware, activation_bits)
    total, counts = hw.run_layer(mapped.groups, weights.shape[1], inputs, activation_bits, False, bits, hardware,
                                 hw.lossless_bits([mapped], hardware))
    assert not (total % 256).any() and counts["adc_clipped"] == 0
    return total // 256, mapped


@pytest.mark.parametrize("number", MATRICES)
def test_results_differ_by_what_is_cut_off_and_nothing_else(number):
    """x W = (x 2^d)(W / 2^d) + x (W mod 2^d), row by row of each group."""
    weights, bits, inputs, activation_bits, hardware = random_layer(number)
    got, mapped = product(weights, bits, inputs, activation_bits, hardware)
    missing = np.zeros_like(weights)
    blocks = hw.ceil_div(weights.shape[1], hardware.columns)
    for index, group in enumerate(mapped.groups):
        left = index % blocks * hardware.columns
        block = weights[group.rows, left : left + hardware.columns]
        missing[group.rows, left : left + hardware.columns] = np.sign(block) * sq.lost(block, group.shift)
    assert np.array_equal(got, inputs @ (weights - missing))
    assert mapped.squared_error == int((missing**2).sum())


@pytest.mark.parametrize("mode", sq.MODES)
@pytest.mark.parametrize("number", MATRICES)
def test_squeezing_is_exact_where_the_lost_bits_are_zero(number, mode):
    weights, bits, inputs, activation_bits, hardware = random_layer(number)
    hardware = replace(hardware, squeeze_mode=mode)
    weights = np.sign(weights) * (np.abs(weights) >> hardware.squeeze_degree * hardware.cell_bits
                                  << hardware.squeeze_degree * hardware.cell_bits)
    got, mapped = product(weights, bits, inputs, activation_bits, hardware)
    assert np.array_equal(got, inputs @ weights) and mapped.squared_error == 0


@pytest.mark.parametrize("number", MATRICES)
def test_a_squeezed_group_has_nothing_in_its_first_planes(number):
    weights, bits, _, _, hardware = random_layer(number)
    planes = hw.cells_per_weight(bits, hardware)
    for group in mp.map_layer(weights, bits, hardware).groups:
        left = {planes - int(slot[0].exponent[0]) // hardware.cell_bits for slot in group.slots}
        assert all(number > hardware.squeeze_degree for number in left)


@pytest.mark.parametrize("number", MATRICES)
def test_the_order_of_the_rows_never_changes_results(number):
    weights, bits, inputs, activation_bits, hardware = random_layer(number)
    original, _ = product(weights, bits, inputs, activation_bits, hardware)
    grouped, mapped = product(weights, bits, inputs, activation_bits, replace(hardware, grouping="sorted"))
    assert np.array_equal(original, grouped)
    assert sorted(mapped.order) == [*range(len(weights))]


@pytest.mark.parametrize("number", MATRICES)
def test_sorting_never_lengthens_the_streams_of_one_column_block(number):
    """Sorted cuts minimise the sum of the largest workloads of the row blocks (exchange argument)."""
    weights, bits, _, _, hardware = random_layer(number)
    hardware = replace(hardware, columns=weights.shape[1], squeeze_mode="exact")
    longest = {order: sum(group.shift_bits for group in mp.map_layer(weights, bits,
                                                                     replace(hardware, grouping=order)).groups)
               for order in ("original", "sorted")}
    assert longest["sorted"] <= longest["original"]


@pytest.mark.parametrize("number", MATRICES)
def test_what_the_policies_promise(number):
    weights, bits, _, activation_bits, hardware = random_layer(number)
    hardware = replace(hardware, squeeze_degree=hw.cells_per_weight(bits, hardware) - 1)

    def groups(**changes):
        return mp.map_layer(weights, bits, replace(hardware, **changes), activation_bits).groups

    def cost(group):
        return len(group.slots) * sq.stream_cycles(activation_bits, group.shift_bits, hardware.dac_bits)

    plain, winning, free = groups(squeeze="off"), groups(squeeze="winning"), groups(squeeze="auto", error_cap=1.0)
    capped, exact = groups(squeeze="auto", error_cap=0.01), groups(squeeze="auto", error_cap=0.0)
    for candidates in zip(plain, winning, capped, free, exact):
        base, _, within, best, lossless = candidates
        assert all(cost(group) <= cost(base) and len(group.slots) <= len(base.slots) for group in candidates)
        assert cost(best) == min(cost(group) for group in candidates)
        assert cost(best) <= cost(within) <= cost(lossless)
    assert mp.map_layer(weights, bits, replace(hardware, squeeze="auto", error_cap=0.0)).squared_error == 0


def lossless(case, **changes):
    return sc.without(case, resolution="lossless", adc_range="clip", **changes)


@pytest.mark.parametrize("number", CASES)
def test_grouping_never_changes_the_outputs_of_a_network(number):
    """Where every group is squeezed alike: a policy that decides by group may decide otherwise for other rows."""
    case = sc.make_case(sc.SEED, number)
    hardware = lossless(case)
    policy = "off" if hardware.squeeze == "off" else "all"
    original, grouped = (nw.hardware_run(case.network, case.inputs,
                                         replace(hardware, squeeze=policy, grouping=order)).values
                         for order in ("original", "sorted"))
    assert all(np.array_equal(original[name], grouped[name]) for name in original)


@pytest.mark.parametrize("number", CASES)
def test_networks_squeezed_without_loss_give_the_integer_reference(number):
    case = sc.make_case(sc.SEED, number)
    hardware = lossless(case)
    if hardware.squeeze != "off":
        hardware = replace(hardware, squeeze="auto", error_cap=0.0)
    result, wanted = nw.hardware_run(case.network, case.inputs, hardware), nw.integer_reference(case.network, case.inputs)
    assert all(np.array_equal(result.values[name], wanted[name]) for name in wanted)


@pytest.mark.parametrize("number", CASES)
def test_skipping_changes_counts_only(number):
    case = sc.make_case(sc.SEED, number)
    every, some = (nw.hardware_run(case.network, case.inputs, sc.without(case, zero_skip=skip, charge="ones"))
                   for skip in (False, True))
    assert all(np.array_equal(every.values[name], some.values[name]) for name in every.values)
    assert every.totals["bit_cycles"] == some.totals["bit_cycles"] + some.totals["bit_cycles_skipped"]
    for key in ("adc_clipped", "dac_drives"):
        assert every.totals[key] == some.totals[key]
    assert every.totals["crossbar_reads"] >= some.totals["crossbar_reads"]


def test_the_squeeze_cases_reach_every_corner():
    """What the fast suite against the simulator is meant to contain."""
    seen = Counter()
    for number in range(100):
        case = sc.make_case(sc.SEED, number)
        hardware = hw.read_hardware(case.config)
        result = nw.hardware_run(case.network, case.inputs, hardware)
        groups = [group for mapped in result.mapped.values() for group in mapped.groups]
        degrees = [len({group.degree for group in mapped.groups}) for mapped in result.mapped.values()]
        if any(group.shift_bits for group in groups):
            seen.update([hardware.squeeze, hardware.squeeze_mode, hardware.signs, hardware.grouping, "shifted",
                         f"cell {hardware.cell_bits}", f"dac {hardware.dac_bits}", hardware.resolution,
                         f"{hardware.adc_range} {result.totals['adc_clipped'] > 0}"])
            seen["override"] += bool(hardware.degrees)
            seen["shifted and skipped"] += result.totals["bit_cycles_skipped"] > 0
            seen["without loss"] += any(mapped.index["row_mask"] and not mapped.squared_error
                                        for mapped in result.mapped.values())
            seen["lossy"] += any(mapped.squared_error for mapped in result.mapped.values())
            seen["two degrees in a layer"] += max(degrees) > 1
            seen["signed inputs"] += any(case.network.codes(case.network.layer(name).inputs[0]).signed
                                         for name, mapped in result.mapped.items() if mapped.index["row_mask"])
        seen["permuted"] += any(mapped.index["permutation"] for mapped in result.mapped.values())
        seen["skipped without squeezing"] += hardware.scheme == "conventional" and hardware.zero_skip
        seen["emptied"] += any(group.shift_bits and not group.slots for group in groups)
        seen["varied outputs"] += len(np.unique(result.values[case.network.output])) > 3
    wanted = ["all", "winning", "auto", "mask", "exact", "differential", "magnitude", "original", "sorted", "cell 1",
              "cell 2", "cell 3", "dac 1", "dac 2", "dac 3", "fixed", "lossless", "clip True", "clip False",
              "full False", "override", "shifted and skipped", "without loss", "lossy", "two degrees in a layer",
              "signed inputs", "permuted", "skipped without squeezing"]
    assert not [name for name in wanted if seen[name] < 3], seen
    assert seen["varied outputs"] >= 45 and seen["shifted"] >= 40 and seen["emptied"] >= 1, seen
