# SPDX-License-Identifier: Apache-2.0
"""Squeeze-out and row grouping on integer weight matrices, written straight from the definitions.

Squeezing by degree D moves the rows that occupy the D most significant digit planes down, so that these planes become
empty; the input of a moved row moves up by as many bits (SME, ICCD 2021, section III-C). Grouping sorts the rows of a
layer by how far they would move, so that long input streams gather in few row blocks.

A *digit plane* is one base-2^cell_bits digit of the magnitudes; plane 1 is the most significant of `planes`. All arrays
are int64; weight matrices have the shape [rows, channels].
"""
import numpy as np

NEVER = 10**6  # "first plane" of a row without any weight
POLICIES = ("off", "all", "winning", "auto")
MODES = ("mask", "exact")


def ceil_log2(count):
    """Bits that tell `count` things apart."""
    bits = 0
    while 2**bits < count:
        bits += 1
    return bits


def plane(weights, number, planes, cell_bits):
    """Digits of plane `number` of the magnitudes."""
    return (np.abs(weights) >> ((planes - number) * cell_bits)) & (2**cell_bits - 1)


def first_planes(weights, planes, cell_bits):
    """Most significant plane in which each row has anything, NEVER for a row of zeros, [rows]."""
    first = np.full(len(weights), NEVER)
    for number in range(planes, 0, -1):
        first[plane(weights, number, planes, cell_bits).any(axis=1)] = number
    return first


def steps(first, degree, mode):
    """Planes by which each row moves: by what it takes (`exact`), or by the degree or not at all (`mask`)."""
    if mode == "mask":
        return np.where(first <= degree, degree, 0)
    return np.maximum(0, degree + 1 - first)


def shifts(weights, degree, mode, planes, cell_bits):
    """Bits by which each row's weights move down and its input moves up, [rows]."""
    return steps(first_planes(weights, planes, cell_bits), degree, mode) * cell_bits


def shifted(weights, bits):
    """What is stored: magnitudes moved down, low bits lost, signs kept."""
    return np.sign(weights) * (np.abs(weights) >> bits[:, None])


def lost(weights, bits):
    """What is cut off the magnitudes, so that weights = shifted * 2^bits + sign * lost."""
    return np.abs(weights) % 2 ** bits[:, None]


def squared_error(weights, bits):
    """In units of the least bit of the weights."""
    return int((lost(weights, bits) ** 2).sum())


def squared(weights):
    return int((weights**2).sum())


def sorted_rows(weights, degree, planes, cell_bits):
    """Rows of a layer by falling workload, equal ones in their original order; all channels decide together."""
    workload = np.maximum(0, degree + 1 - first_planes(weights, planes, cell_bits))
    return np.array(sorted(range(len(weights)), key=lambda row: -workload[row]), dtype=np.int64)


def stream_cycles(activation_bits, shift_bits, dac_bits):
    """T_g: bit-cycles of one wave."""
    return -(-(activation_bits + shift_bits) // dac_bits)


def row_mask_bits(rows, degree, mode):
    """The register that tells which rows shift, or by how much."""
    return rows * (1 if mode == "mask" else ceil_log2(degree + 1))


def permutation_bits(order):
    """The gather table of a layer whose rows are not in their original order."""
    rows = len(order)
    return 0 if np.array_equal(order, np.arange(rows)) else rows * ceil_log2(rows)


def overrides(text):
    """Degrees by layer name of "conv1=2, fc=0"."""
    parts = [part.split("=") for part in text.split(",") if part.strip()]
    return {name.strip(): int(degree) for name, degree in parts}
