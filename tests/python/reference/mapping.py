# SPDX-License-Identifier: Apache-2.0
"""How the weight matrix of a layer is laid out on crossbars: row order, blocks, squeeze degrees, arrays, index bits.

Degrees are found by building every candidate and counting its arrays.
"""
from collections import Counter
from dataclasses import dataclass

import numpy as np

import hardware as hw
import squeeze as sq


@dataclass
class LayerMapping:
    """groups: row block by row block, within one by column block; order: matrix row of each mapped row position;
    index: index storage in bits by what it is for; the errors are in units of the least weight bit, squared."""

    groups: list
    order: np.ndarray
    index: Counter
    squared_error: int
    squared_weight: int

    @property
    def crossbars(self):
        return sum(len(group.slots) for group in self.groups)

    @property
    def relative_error(self):
        return self.squared_error / self.squared_weight if self.squared_weight else 0.0


def build_slots(block, left, magnitude_bits, hardware):
    """The allocated arrays of one row block x one column block; `block` is what is stored."""
    count = hw.cells_per_weight(magnitude_bits, hardware)
    conventional = hardware.scheme == "conventional"
    digit_sets = [tuple(reversed(range(count)))] if conventional else [(digit,) for digit in range(count)]
    slots = []
    for digits in digit_sets:
        arrays = [hw.build_crossbar(part, polarity, digits, count - 1, left, hardware)
                  for polarity, part in hw.stored_parts(block, magnitude_bits, hardware.signs)]
        if not conventional:
            arrays = [array for array in arrays if array.all_levels().any()]
        if hardware.signs == "magnitude":
            slots += [arrays] if arrays else []
        else:
            slots += [[array] for array in arrays]
    return slots


def build_group(rows, block, left, degree, magnitude_bits, hardware):
    """A row group that holds the weights `block` of the matrix rows `rows`, squeezed by `degree`."""
    shift = np.zeros(len(rows), dtype=np.int64)
    if degree:
        planes = hw.cells_per_weight(magnitude_bits, hardware)
        shift = sq.shifts(block, degree, hardware.squeeze_mode, planes, hardware.cell_bits)
    slots = build_slots(sq.shifted(block, shift) if degree else block, left, magnitude_bits, hardware)
    return hw.RowGroup(rows, shift, degree, slots)


def choose_group(rows, block, left, degree, magnitude_bits, activation_bits, hardware):
    """The row group at the degree that the policy takes; `degree` is the layer's."""
    def at(candidate):
        return build_group(rows, block, left, candidate, magnitude_bits, hardware)

    def cost(group):
        return len(group.slots) * sq.stream_cycles(activation_bits, group.shift_bits, hardware.dac_bits)

    if hardware.squeeze == "off":
        return at(0)
    if hardware.squeeze == "all":
        return at(degree)
    plain = at(0)
    if hardware.squeeze == "winning":
        squeezed = at(degree)
        wins = len(squeezed.slots) <= len(plain.slots) and cost(squeezed) < cost(plain)
        return squeezed if wins else plain
    best, weight = plain, sq.squared(block)
    for group in (at(candidate) for candidate in range(1, degree + 1)):
        error = sq.squared_error(block, group.shift) / weight if weight else 0.0
        if error <= hardware.error_cap and len(group.slots) <= len(plain.slots) and cost(group) < cost(best):
            best = group
    return best


def map_layer(weights, magnitude_bits, hardware, activation_bits=1, degree=None):
    """A layer with the weight matrix [rows, channels]; groups without any array have no slots. `degree` overrides
    the squeeze degree of the hardware."""
    weights = np.asarray(weights, dtype=np.int64)
    if np.abs(weights).max(initial=0) >= 2**magnitude_bits:
        raise ValueError("a weight needs more magnitude bits than stated")
    count = hw.cells_per_weight(magnitude_bits, hardware)
    width = hardware.columns // count if hardware.scheme == "conventional" else hardware.columns
    if width == 0:
        raise ValueError("one weight does not fit into the columns of a crossbar")
    degree = 0 if hardware.squeeze == "off" else hardware.squeeze_degree if degree is None else degree
    if degree >= count:
        raise ValueError("squeezing would leave no plane")
    rows, channels = weights.shape
    order = np.arange(rows)
    if hardware.grouping == "sorted" and degree:
        order = sq.sorted_rows(weights, degree, count, hardware.cell_bits)
    groups, index, error, grid = [], Counter(), 0, 0
    for top in range(0, rows, hardware.rows):
        for left in range(0, channels, width):
            mapped = order[top : top + hardware.rows]
            block = weights[mapped, left : left + width]
            group = choose_group(mapped, block, left, degree, magnitude_bits, activation_bits, hardware)
            groups.append(group)
            grid += 1
            error += sq.squared_error(block, group.shift)
            if group.shift_bits:
                index["row_mask"] += sq.row_mask_bits(len(mapped), group.degree, hardware.squeeze_mode)
    if hardware.scheme == "bit_sliced":
        index["occupancy"] = grid * count * (2 if hardware.signs == "differential" else 1)
    index["permutation"] = sq.permutation_bits(order)
    return LayerMapping(groups, order, index, error, sq.squared(weights))
