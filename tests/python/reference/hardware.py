# SPDX-License-Identifier: Apache-2.0
"""What crossbar hardware computes for one matrix-vector layer, written straight from the definitions.

Every crossbar is an explicit matrix of cell levels, every bit-cycle an explicit matrix of drive values, every
column sum a plain integer matrix product, and the converter is applied to each column on its own. Nothing is
packed or fused, so each step can be checked by hand; how weights come to be on the arrays is in `mapping`. Slicing: SME (ICCD 2021, section III-B); unit column,
biased weights and flip encoding: ISAAC (ISCA 2016, section V).

All arrays are int64. A *wave* is one input vector; `x` has the shape [waves, rows] and holds stored codes.
"""
from collections import Counter
from dataclasses import dataclass

import numpy as np

import calibration as cal
import squeeze as sq
from calibration import STEP_ONE


@dataclass(frozen=True)
class Hardware:
    """The part of a configuration that decides values and counts."""

    rows: int
    columns: int
    cell_bits: int
    dac_bits: int
    charge: str  # rows | ones
    adc_bits: int
    resolution: str  # fixed | lossless | per_crossbar
    adc_range: str  # clip | full | calibrated
    scan: str  # all | mapped | occupied
    scheme: str  # conventional | bit_sliced
    signs: str  # differential | offset | magnitude
    flip: bool
    squeeze: str = "off"  # off | all | winning | auto
    squeeze_degree: int = 1  # digit planes
    squeeze_mode: str = "mask"  # mask | exact
    error_cap: float = 0.01
    degrees: tuple = ()  # (layer, degree) overrides
    grouping: str = "original"  # original | sorted
    zero_skip: bool = False
    accounting: str = "exact"  # exact | dub
    calibrate_per: str = "crossbar"  # layer | column_block | crossbar
    calibrate_by: str = "least_error"  # percentile | least_error
    percentile: float = 99.9

    def degree_of(self, layer):
        return dict(self.degrees).get(layer, self.squeeze_degree)

    @property
    def top_level(self):
        return 2**self.cell_bits - 1


def read_hardware(config):
    """Takes the sections crossbar, cell, dac, adc, mapping and row_pipeline of a configuration given as nested
    dictionaries; a key of squeezing, grouping or skipping that is not there has its default."""
    mapping = config["mapping"]
    hardware = Hardware(
        rows=config["crossbar"]["rows"],
        columns=config["crossbar"]["columns"],
        cell_bits=config["cell"]["bits"],
        dac_bits=config["dac"]["bits"],
        charge=config["dac"]["charge"],
        adc_bits=config["adc"]["bits"],
        resolution=config["adc"]["resolution"],
        adc_range=config["adc"]["range"],
        scan=config["adc"]["scan"],
        scheme=mapping["model"],
        signs=mapping["signs"],
        flip=mapping["flip_encoding"],
        squeeze=mapping.get("squeeze", "off"),
        squeeze_degree=mapping.get("squeeze_degree", 1),
        squeeze_mode=mapping.get("squeeze_mode", "mask"),
        error_cap=mapping.get("squeeze_error_cap", 0.01),
        degrees=tuple(sq.overrides(mapping.get("squeeze_layers", "")).items()),
        grouping=mapping.get("grouping", "original"),
        zero_skip=config.get("row_pipeline", {}).get("input_zero_skip", False),
        accounting=config["adc"].get("accounting", "exact"),
        calibrate_per=config["adc"].get("calibrate_per", "crossbar"),
        calibrate_by=config["adc"].get("calibrate_by", "least_error"),
        percentile=config["adc"].get("percentile", 99.9),
    )
    if hardware.flip and hardware.signs != "offset":
        raise ValueError("flip encoding needs the unit column of offset signs")
    if hardware.squeeze != "off" and (hardware.signs == "offset" or hardware.scheme != "bit_sliced"):
        raise ValueError("squeezing needs bit planes of magnitudes")
    return hardware


@dataclass
class Crossbar:
    """One physical array. Columns are the digit columns in physical order; the unit column, if any, is beside them.

    levels: stored level of each cell, [mapped rows, digit columns]; channel: output channel of each digit column
    inside the layer; exponent: its digit counts 2^exponent; flipped: stored as top level minus level;
    polarity: +1 or -1; unit: has a unit column; corrects: this unit column removes the weight offset; pool: the
    crossbars with which it shares a calibrated step.
    """

    levels: np.ndarray
    channel: np.ndarray
    exponent: np.ndarray
    flipped: np.ndarray
    polarity: int
    unit: bool
    corrects: bool
    pool: cal.Pool = None

    def all_levels(self):
        """Stored levels with the unit column as the last one."""
        if not self.unit:
            return self.levels
        return np.concatenate([self.levels, np.ones((len(self.levels), 1), dtype=np.int64)], axis=1)

    def spread(self, channels):
        """What a code of each digit column adds to each output channel, [digit columns, channels]."""
        matrix = np.zeros((len(self.channel), channels), dtype=np.int64)
        matrix[np.arange(len(self.channel)), self.channel] = 2**self.exponent
        return matrix

    def sum_bound(self, dac_bits):
        """S: the largest sum that any column can reach."""
        return int(self.all_levels().sum(axis=0).max()) * (2**dac_bits - 1)


@dataclass
class RowGroup:
    """One row block x one column block. A slot is what counts as one crossbar: one array, or with magnitude signs
    the arrays of both polarities.

    rows: matrix row of each mapped row; shift: bits by which its input moves up (and its weights moved down); degree:
    squeeze degree.
    """

    rows: np.ndarray
    shift: np.ndarray
    degree: int
    slots: list

    @property
    def shift_bits(self):
        return int(self.shift.max())


def ceil_div(a, b):
    return -(-a // b)


def weight_bits(magnitude_bits, signs):
    return magnitude_bits + 1 if signs == "offset" else magnitude_bits


def cells_per_weight(magnitude_bits, hardware):
    return ceil_div(weight_bits(magnitude_bits, hardware.signs), hardware.cell_bits)


def stored_parts(weights, magnitude_bits, signs):
    """The non-negative matrices that are stored, with their polarity."""
    if signs == "offset":
        return [(+1, weights + 2**magnitude_bits)]
    return [(+1, np.maximum(weights, 0)), (-1, np.maximum(-weights, 0))]


def build_crossbar(part, polarity, digits, most_significant, first_channel, hardware):
    """Stores the given digits (most significant first) of `part`, [mapped rows, channels], in adjacent columns."""
    columns, channel, exponent, flipped = [], [], [], []
    top = hardware.top_level
    for k in range(part.shape[1]):
        for digit in digits:
            level = (part[:, k] >> (digit * hardware.cell_bits)) & top
            flip = hardware.flip and 2 * int(level.sum()) > len(level) * top
            columns.append(top - level if flip else level)
            channel.append(first_channel + k)
            exponent.append(digit * hardware.cell_bits)
            flipped.append(flip)
    unit = hardware.signs == "offset"
    return Crossbar(
        levels=np.stack(columns, axis=1),
        channel=np.array(channel),
        exponent=np.array(exponent),
        flipped=np.array(flipped),
        polarity=polarity,
        unit=unit,
        corrects=unit and most_significant in digits,
    )


def lossless_bits(mapped_layers, hardware):
    """One resolution for the chip: every allocated array of every layer mapping converts without loss."""
    bits = 1
    for mapped in mapped_layers:
        for group in mapped.groups:
            for slot in group.slots:
                for array in slot:
                    while 2**bits - 1 < array.sum_bound(hardware.dac_bits):
                        bits += 1
    return bits


def slot_bits(slot, adc_bits, hardware):
    """Converter bits of what counts as one crossbar, and those it is charged for.

    Exact: 2**bits - 1 reaches the largest sum. D.U.B. (arXiv 2403.13082): 2**bits reaches it, a sense amplifier with 1.
    """
    if hardware.resolution != "per_crossbar":
        return adc_bits, adc_bits
    bound = max(array.sum_bound(hardware.dac_bits) for array in slot)
    exact = next(bits for bits in range(1, 64) if 2**bits - 1 >= bound)
    dub = next(bits for bits in range(1, 64) if 2**bits >= bound)
    bits = min(exact, adc_bits)
    return bits, min(bits, dub if hardware.accounting == "dub" else exact)


def scanned_columns(slot, hardware):
    unit = 1 if slot[0].unit else 0
    if hardware.scan == "all":
        return hardware.columns + unit
    if hardware.scan == "mapped":
        return slot[0].levels.shape[1] + unit
    occupied = np.any([array.levels.any(axis=0) for array in slot], axis=0)
    return int(occupied.sum()) + unit


def step_of(array, adc_bits, hardware):
    """The converter's step as k of k / 256."""
    if hardware.adc_range == "clip":
        return STEP_ONE
    if hardware.adc_range == "calibrated":
        step = array.pool.step(adc_bits, hardware.calibrate_by, hardware.percentile)
        if step is not None:
            return step
    bound = array.sum_bound(hardware.dac_bits)
    return max(STEP_ONE, ceil_div(STEP_ONE * bound, 2**adc_bits - 1))


def convert(sums, step, adc_bits):
    """Codes of column sums and which of them were clipped; ties of the rounding go up."""
    unsaturated = (2 * STEP_ONE * sums + step) // (2 * step)
    top = 2**adc_bits - 1
    return np.minimum(unsaturated, top), unsaturated > top


def drive_values(x, shift, activation_bits, signed, dac_bits):
    """One [waves, rows] matrix of drive values and one place value per bit-cycle, least significant first.

    Row r of the inputs x, [waves, rows], is aligned by moving it up shift[r] bits in a word that is as long as the
    largest shift needs.
    """
    cycles = sq.stream_cycles(activation_bits, int(shift.max()), dac_bits)
    if signed and dac_bits != 1:
        raise ValueError("signed inputs need 1-bit DACs")
    words = (x * 2**shift) & (2 ** (cycles * dac_bits) - 1)  # two's complement of the extended word
    drives = [(words >> (t * dac_bits)) & (2**dac_bits - 1) for t in range(cycles)]
    places = [2 ** (t * dac_bits) for t in range(cycles)]
    if signed:
        places[-1] = -places[-1]
    return drives, places


def read_array(array, drive, adc_bits, hardware):
    """One bit-cycle of one array: signed contributions per digit column in 1/256, offset contribution, clips.

    Returns [waves, digit columns], [waves] and a bool array [waves, columns] with the unit column last.
    """
    sums = drive @ array.all_levels()
    step = step_of(array, adc_bits, hardware)
    codes, clipped = convert(sums, step, adc_bits)
    values = codes * step
    digits = values[:, : array.levels.shape[1]]
    offset = np.zeros(len(drive), dtype=np.int64)
    if array.unit:
        unit = values[:, -1]
        digits = np.where(array.flipped, hardware.top_level * unit[:, None] - digits, digits)
        if array.corrects:
            offset = unit
    return array.polarity * digits, offset, clipped


def count_sums(groups, x, activation_bits, signed, hardware):
    """Histograms of the sums that reach the converters of each slot, whatever bit-cycles are skipped; arrays without a
    non-zero cell have none."""
    histograms = []
    for group in groups:
        drives, _ = drive_values(x[:, group.rows], group.shift, activation_bits, signed, hardware.dac_bits)
        for slot in group.slots:
            levels = [array.all_levels() for array in slot]
            histograms.append(cal.counted(*(drive @ one for one in levels if one.any() for drive in drives)))
    return histograms


def share_steps(groups, histograms, hardware):
    """Gives each array the pool of its slot."""
    slots = [slot for group in groups for slot in group.slots]
    first_channels = [int(slot[0].channel.min()) for slot in slots]
    keys = {"layer": [0] * len(slots), "column_block": first_channels, "crossbar": range(len(slots))}
    bounds = [max(array.sum_bound(hardware.dac_bits) for array in slot) for slot in slots]
    for slot, pool in zip(slots, cal.pools_of(keys[hardware.calibrate_per], histograms, bounds)):
        for array in slot:
            array.pool = pool


def executed_waves(drive, hardware):
    """Which waves take part in a bit-cycle: all of them, or those in which any row is driven, [waves]."""
    return drive.any(axis=1) if hardware.zero_skip else np.ones(len(drive), dtype=bool)


def run_layer(groups, channels, x, activation_bits, signed, magnitude_bits, hardware, adc_bits):
    """Accumulators in 1/256, [waves, channels], and the counts of all waves; under a whole number: conversions that are
    charged for that many bits."""
    x = np.asarray(x, dtype=np.int64)
    total = np.zeros((len(x), channels), dtype=np.int64)
    weight_offset = 2 ** (weight_bits(magnitude_bits, hardware.signs) - 1)
    counts = Counter(waves=len(x), row_groups=0, crossbars=0, bit_cycles=0, bit_cycles_skipped=0, adc_conversions=0,
                     adc_clipped=0, crossbar_reads=0, dac_drives=0)
    for group in groups:
        if not group.slots:
            continue
        counts["row_groups"] += 1
        counts["crossbars"] += len(group.slots)
        for drive, place in zip(*drive_values(x[:, group.rows], group.shift, activation_bits, signed,
                                              hardware.dac_bits)):
            waves = executed_waves(drive, hardware)
            counts["bit_cycles"] += int(waves.sum())
            counts["bit_cycles_skipped"] += int((~waves).sum())
            drive = drive[waves]
            for slot in group.slots:
                counts["crossbar_reads"] += len(drive)
                conversions = len(drive) * scanned_columns(slot, hardware)
                bits, charged = slot_bits(slot, adc_bits, hardware)
                counts["adc_conversions"] += conversions
                counts[charged] += conversions  # the histogram
                counts["dac_drives"] += drive.size if hardware.charge == "rows" else int(np.count_nonzero(drive))
                clipped_here = False
                for array in slot:
                    digits, offset, clipped = read_array(array, drive, bits, hardware)
                    spread = array.spread(channels)
                    total[waves] += place * (digits @ spread)
                    total[waves] -= place * weight_offset * offset[:, None] * spread.any(axis=0)
                    clipped_here = clipped_here | clipped
                counts["adc_clipped"] += int(np.count_nonzero(clipped_here))
    return total, counts
