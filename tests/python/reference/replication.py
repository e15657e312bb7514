# SPDX-License-Identifier: Apache-2.0
"""Balanced replication: the crossbars of a budget are spent, one replica at a time, on the row group that takes
longest (ISAAC, ISCA 2016: balanced pipeline; SME, ICCD 2021, section IV-C: kernels are duplicated)."""
from dataclasses import dataclass
from fractions import Fraction

import hardware as hw
import squeeze as sq


@dataclass
class Demand:
    """A row group that runs. work: bit-cycles of one image on one replica."""

    layer: str
    crossbars: int
    work: int
    replicas: int = 1


def demands(network, mapped, waves, hardware):
    """Row groups in the order of the layers; `waves`: per image, by layer name."""
    return [Demand(layer.name, len(group.slots), waves[layer.name] * sq.stream_cycles(
                network.codes(layer.inputs[0]).bits, group.shift_bits, hardware.dac_bits))
            for layer in network.layers if layer.name in mapped
            for group in mapped[layer.name].groups if group.slots]


def balance(groups, budget, granule=1):
    """Gives replicas while they fit. A layer takes its crossbars in multiples of `granule`."""
    def taken():
        layers = dict.fromkeys((group.layer for group in groups), 0)
        for group in groups:
            layers[group.layer] += group.crossbars * group.replicas
        return sum(granule * hw.ceil_div(crossbars, granule) for crossbars in layers.values())

    while groups:
        slowest = max(groups, key=lambda group: Fraction(group.work, group.replicas))  # the first of equals
        slowest.replicas += 1
        if taken() > budget:
            slowest.replicas -= 1
            return


def dense_sliced(layer, hardware):
    """Physical arrays of all planes of a layer."""
    rows, channels = layer.matrix().shape
    return (hw.ceil_div(rows, hardware.rows) * hw.ceil_div(channels, hardware.columns)
            * hw.cells_per_weight(layer.magnitude_bits, hardware) * (2 if hardware.signs == "differential" else 1))


def conventional(layer, hardware):
    """Arrays with all bits of a weight beside each other; None if a weight is wider than an array."""
    rows, channels = layer.matrix().shape
    width = hardware.columns // hw.cells_per_weight(layer.magnitude_bits, hardware)
    if not width:
        return None
    return (hw.ceil_div(rows, hardware.rows) * hw.ceil_div(channels, width)
            * (2 if hardware.signs == "differential" else 1))
