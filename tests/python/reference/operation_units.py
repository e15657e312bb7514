# SPDX-License-Identifier: Apache-2.0
"""Crossbars that are read by operation units (SRE, ISCA 2019), written straight from the definitions.

A column block's matrix of digit levels is cut into column groups of `ou_columns` columns. Each column group lists the
rows in which it holds something and fills the word lines of its crossbars with them in that order. In a bit-cycle the
listed word lines of a crossbar with a non-zero drive value are read `ou_rows` at a time, each unit through the
converter by itself.

All arrays are int64. `x` has the shape [waves, rows] and holds stored codes.
"""
from collections import Counter
from dataclasses import dataclass

import numpy as np

import calibration as cal
import network as nw
from calibration import STEP_ONE


def ceil_div(a, b):
    return -(-a // b)


@dataclass
class Part:
    """A column group of one crossbar: matrix rows on its word lines, and per polarity their levels [lines, columns]."""

    first: int
    rows: np.ndarray
    levels: list
    physical: int

    def scanned(self, scan):
        held = np.any([levels.any(axis=0) for levels in self.levels], axis=0)
        return {"all": self.physical, "mapped": len(held), "occupied": int(held.sum())}[scan]


@dataclass
class Slot:
    """What counts as one crossbar: signs of the polarities that its parts hold, the parts, and the crossbars with which
    it shares a calibrated step."""

    signs: list
    parts: list
    pool: cal.Pool = None

    def bound(self, polarity, config):
        """The largest sum of one operation unit of one polarity."""
        largest = 0
        for part in self.parts:
            ordered = np.sort(part.levels[polarity], axis=0)[::-1]
            largest = max(largest, int(ordered[: config["mapping"]["ou_rows"]].sum(axis=0).max()))
        return largest * (2 ** config["dac"]["bits"] - 1)


@dataclass
class Block:
    """A column block: its channels, what a code of each column adds to each of them, and its row groups."""

    first_channel: int
    spread: np.ndarray
    groups: list


def digit_levels(part, cells, cell_bits):
    """[rows, channels] non-negative -> [rows, channels * cells], most significant digit first."""
    digits = [(part >> (j * cell_bits)) & (2**cell_bits - 1) for j in reversed(range(cells))]
    return np.stack(digits, axis=2).reshape(len(part), -1)


def slots_of(matrices, signs, config):
    """The crossbars that hold level matrices [rows, columns] with the same word lines."""
    height, width = config["crossbar"]["rows"], config["mapping"]["ou_columns"]
    groups = []
    for first in range(0, matrices[0].shape[1], width):
        cut = [matrix[:, first : first + width] for matrix in matrices]
        held = np.flatnonzero(np.any([levels.any(axis=1) for levels in cut], axis=0))
        groups.append((first, held, cut))
    slots = []
    for top in range(0, max(len(held) for _, held, _ in groups), height):
        parts = []
        for first, held, cut in groups:
            rows = held[top : top + height]
            if len(rows):
                physical = min(width, config["crossbar"]["columns"] - first)
                parts.append(Part(first, rows, [levels[rows] for levels in cut], physical))
        slots.append(Slot(signs, parts))
    return slots


def map_layer(weights, magnitude_bits, config):
    """Column blocks of a layer with weight matrix [rows, channels]; row group k holds the k-th crossbar of each list."""
    cell_bits = config["cell"]["bits"]
    cells = ceil_div(magnitude_bits, cell_bits)
    per_crossbar = config["crossbar"]["columns"] // cells
    blocks = []
    for left in range(0, weights.shape[1], per_crossbar):
        part = weights[:, left : left + per_crossbar]
        positive, negative = (digit_levels(np.maximum(sign * part, 0), cells, cell_bits) for sign in (1, -1))
        if config["mapping"]["signs"] == "magnitude":
            lists = [slots_of([positive, negative], [1, -1], config)]
        else:
            lists = [slots_of([positive], [1], config), slots_of([negative], [-1], config)]
        depth = max(len(slots) for slots in lists)
        groups = [[slots[k] for slots in lists if k < len(slots)] for k in range(depth)]
        places = 2 ** (cell_bits * np.arange(cells - 1, -1, -1))
        blocks.append(Block(left, np.kron(np.eye(part.shape[1], dtype=np.int64), places[:, None]), groups))
    return blocks


def all_slots(blocks):
    return [slot for block in blocks for group in block.groups for slot in group]


def lossless_bits(mapped_layers, config):
    bits = 1
    for blocks in mapped_layers:
        for slot in all_slots(blocks):
            for polarity in range(len(slot.signs)):
                while 2**bits - 1 < slot.bound(polarity, config):
                    bits += 1
    return bits


def group_bits(group, adc_bits, config):
    """Converter bits of a row group, whose operation units are dealt over all its crossbars, and those it is charged for."""
    if config["adc"]["resolution"] != "per_crossbar":
        return adc_bits, adc_bits
    bound = max(slot.bound(polarity, config) for slot in group for polarity in range(len(slot.signs)))
    exact = next(bits for bits in range(1, 64) if 2**bits - 1 >= bound)
    dub = next(bits for bits in range(1, 64) if 2**bits >= bound)
    bits = min(exact, adc_bits)
    return bits, min(bits, dub if config["adc"]["accounting"] == "dub" else exact)


def step_length(group, config):
    """Clock cycles of one operation unit; times in ns at a clock of 1 GHz, two cycles to a conversion."""
    widest = max(part.scanned(config["adc"]["scan"]) for slot in group for part in slot.parts)
    conversions = 2 * ceil_div(widest, config["adc"]["per_crossbar"])
    read = int(config["crossbar"]["read_time"].removesuffix(" ns"))
    return max(read, conversions) if config["sample_hold"]["overlap"] else read + conversions


def read_slot(slot, drive, adc_bits, config):
    """One bit-cycle of one crossbar: contributions per digit column in 1/256, [waves, columns of the block], operation
    units per wave, and counts."""
    most, top = config["mapping"]["ou_rows"], 2**adc_bits - 1
    steps = []
    for polarity in range(len(slot.signs)):
        full = max(STEP_ONE, ceil_div(STEP_ONE * slot.bound(polarity, config), top))
        steps.append(STEP_ONE if config["adc"]["range"] == "clip" else full)
    if config["adc"]["range"] == "calibrated":
        shared = slot.pool.step(adc_bits, config["adc"]["calibrate_by"], config["adc"]["percentile"])
        steps = steps if shared is None else [shared] * len(steps)
    width = max(part.first + part.levels[0].shape[1] for part in slot.parts)
    values = np.zeros((len(drive), width), dtype=np.int64)
    taken, counts = np.zeros(len(drive), dtype=np.int64), Counter()
    for part in slot.parts:
        driven = drive[:, part.rows]
        active = driven != 0
        unit = (np.cumsum(active, axis=1) - 1) // most  # of each active word line
        units = -(-active.sum(axis=1) // most)
        taken += units
        counts["crossbar_reads"] += int(units.sum())
        counts["adc_conversions"] += int(units.sum()) * part.scanned(config["adc"]["scan"])
        counts["dac_drives"] += int(active.sum())
        here = slice(part.first, part.first + part.levels[0].shape[1])
        for number in range(int(units.max())):
            clipped = False
            for sign, levels, step in zip(slot.signs, part.levels, steps):
                sums = np.where(active & (unit == number), driven, 0) @ levels
                unsaturated = (2 * STEP_ONE * sums + step) // (2 * step)
                clipped = clipped | (unsaturated > top)
                values[:, here] += sign * step * np.minimum(unsaturated, top)
            counts["adc_clipped"] += int(np.count_nonzero(clipped))
    return values, taken, counts


def run_layer(blocks, channels, x, activation_bits, signed, config, adc_bits):
    """Accumulators in 1/256, [waves, channels], and the counts of all waves; under a whole number: conversions that are
    charged for that many bits."""
    dac_bits = config["dac"]["bits"]
    cycles = ceil_div(activation_bits, dac_bits)
    word = x & (2 ** (cycles * dac_bits) - 1)  # two's complement
    total = np.zeros((len(x), channels), dtype=np.int64)
    counts = Counter(waves=len(x), row_groups=0, crossbars=len(all_slots(blocks)), bit_cycles=0, bit_cycles_skipped=0,
                     adc_conversions=0, adc_clipped=0, crossbar_reads=0, dac_drives=0, busy_cycles=0)
    for block in blocks:
        for group in block.groups:
            counts["row_groups"] += 1
            bits, charged = group_bits(group, adc_bits, config)
            for t in range(cycles):
                drive = (word >> (t * dac_bits)) & (2**dac_bits - 1)
                place = -(2**t) if signed and t == cycles - 1 else 2 ** (t * dac_bits)
                busiest = np.zeros(len(x), dtype=np.int64)
                for slot in group:
                    values, taken, read = read_slot(slot, drive, bits, config)
                    counts += read
                    counts[charged] += read["adc_conversions"]
                    busiest = np.maximum(busiest, taken)
                    here = slice(block.first_channel, block.first_channel + block.spread.shape[1])
                    total[:, here] += place * (values @ block.spread[: values.shape[1]])
                counts["bit_cycles"] += int(np.count_nonzero(busiest))
                counts["bit_cycles_skipped"] += int(np.count_nonzero(busiest == 0))
                counts["busy_cycles"] += int(busiest.sum()) * step_length(group, config)
    return total, counts


def numbered_slots(blocks):
    """(number of its column block, slot) in the order of a calibration: the first row groups of all blocks first."""
    depth = max(len(block.groups) for block in blocks)
    return [(number, slot) for k in range(depth) for number, block in enumerate(blocks)
            for slot in (block.groups[k] if k < len(block.groups) else [])]


def count_sums(blocks, x, activation_bits, config):
    """Histograms of the sums of all operation units of each slot."""
    dac_bits, most = config["dac"]["bits"], config["mapping"]["ou_rows"]
    cycles = ceil_div(activation_bits, dac_bits)
    word = x & (2 ** (cycles * dac_bits) - 1)
    histograms = []
    for _, slot in numbered_slots(blocks):
        sums = [np.zeros(0, dtype=np.int64)]
        used = [any(part.levels[polarity].any() for part in slot.parts) for polarity in range(len(slot.signs))]
        for t in range(cycles):
            drive = (word >> (t * dac_bits)) & (2**dac_bits - 1)
            for part in slot.parts:
                driven = drive[:, part.rows]
                unit = (np.cumsum(driven != 0, axis=1) - 1) // most
                for number in range(int(unit.max()) + 1):
                    here = np.where((driven != 0) & (unit == number), driven, 0)
                    here = here[here.any(axis=1)]
                    sums += [here @ levels for levels, some in zip(part.levels, used) if some]
        histograms.append(cal.counted(*sums))
    return histograms


def column_sums(network, inputs, config):
    """Histograms of what reaches the converters of each crossbar when none loses anything, by layer."""
    lossless = config | {"adc": config["adc"] | {"range": "clip", "resolution": "lossless"}}
    values = run_network(network, inputs, lossless).values
    sums = {}
    for layer in network.layers:
        if layer.op in nw.CROSSBAR_OPS:
            codes = network.codes(layer.inputs[0])
            x, _ = nw.crossbar_inputs(layer, values[layer.inputs[0]], codes)
            blocks = map_layer(layer.matrix(), layer.magnitude_bits, config)
            sums[layer.name] = count_sums(blocks, x, codes.bits, config)
    return sums


def share_steps(blocks, histograms, config):
    """Gives each slot its pool."""
    numbered = numbered_slots(blocks)
    slots = [slot for _, slot in numbered]
    keys = {"layer": [0] * len(slots), "column_block": [number for number, _ in numbered], "crossbar": range(len(slots))}
    bounds = [max(slot.bound(polarity, config) for polarity in range(len(slot.signs))) for slot in slots]
    for slot, pool in zip(slots, cal.pools_of(keys[config["adc"]["calibrate_per"]], histograms, bounds)):
        slot.pool = pool


@dataclass
class Run:
    values: dict
    counts: dict


def run_network(network, inputs, config, sums=None):
    """Runs all images through crossbars. `sums`: those from which converters are calibrated."""
    layers = network.ordered()
    mapped = {layer.name: map_layer(layer.matrix(), layer.magnitude_bits, config)
              for layer in layers if layer.op in nw.CROSSBAR_OPS}
    for name, histograms in (sums or {}).items():
        share_steps(mapped[name], histograms, config)
    bits = config["adc"]["bits"]
    if config["adc"]["resolution"] == "lossless":
        bits = lossless_bits(mapped.values(), config)
    values, counts = {network.input_name: inputs.astype(np.int64)}, {}
    for layer in layers:
        sources, codes = [values[name] for name in layer.inputs], [network.codes(name) for name in layer.inputs]
        if layer.op not in nw.CROSSBAR_OPS:
            values[layer.name] = nw.vector_layer(layer, sources, codes)
            continue
        x, (height, width) = nw.crossbar_inputs(layer, sources[0], codes[0])
        channels = layer.weight.shape[0]
        sums, counts[layer.name] = run_layer(mapped[layer.name], channels, x, codes[0].bits, codes[0].signed, config,
                                             bits)
        values[layer.name] = nw.finish(layer, sums.reshape(len(inputs), height, width, channels).transpose(0, 3, 1, 2))
    return Run(values, counts)
