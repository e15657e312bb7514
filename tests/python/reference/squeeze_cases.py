# SPDX-License-Identifier: Apache-2.0
"""Seeded random networks on hardware that squeezes, groups rows and skips undriven bit-cycles.

Weights have rows of very different size, so that rows differ in their first plane; inputs are often small or zero.

    python3 tests/python/reference/squeeze_cases.py --case 17 FOLDER
"""
import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

import hardware as hw
import network as nw
import random_cases as rc
import replication as rp
from random_networks import Builder, pick

SEED = 23


class RowBuilder(Builder):
    """Weights with a size per row, often in patterns that squeezing does not hurt."""

    def weights(self, shape):
        random = self.random
        if random.random() < 0.15:
            return super().weights(shape)
        bits = int(pick(random, 1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 8, 11 if random.random() < 0.2 else 8))
        top = 2**bits - 1
        rows = int(np.prod(shape[1:]))
        heavy = random.integers(0, bits + 1, (1, rows)) * (random.random((1, rows)) < pick(random, 0.3, 0.8, 1.0))
        w = random.integers(-top, top + 1, (shape[0], rows))
        w = np.sign(w) * (np.abs(w) >> heavy)
        pattern = pick(random, "dense", "window", "window", "even", "sparse", "few tops", "few tops")
        if pattern == "window":  # at most 3 bits from the leading one on
            length = np.floor(np.log2(np.maximum(np.abs(w), 1))).astype(np.int64) + 1
            cut = np.maximum(length - 3, 0)
            w = np.sign(w) * (np.abs(w) >> cut << cut)
        elif pattern == "even":
            w = np.sign(w) * (np.abs(w) & ~(2 ** int(random.integers(0, bits)) - 1))
        elif pattern == "sparse":
            w = w * (random.random(w.shape) < 0.2)
        elif pattern == "few tops":  # small weights, the top planes are those of a few rows
            small = np.sign(w) * (np.abs(w) >> (bits + 1) // 2)
            w = np.where(random.random((1, rows)) < 0.1, w, small)
        dtype = np.int16 if bits > 7 or random.random() < 0.1 else np.int8
        return w.reshape(shape).astype(dtype), bits

    def image(self, shape):
        name = super().image(shape)
        if self.random.random() < 0.5:  # only low bits: undriven bit-cycles at the top
            codes = self.input_codes
            kept = np.int64(2) ** self.random.integers(0, codes.bits, (self.images, 1, 1, 1))
            small = codes.zero_point + np.sign(self.inputs) * (np.abs(self.inputs.astype(np.int64)) % kept)
            self.inputs = np.clip(small, codes.lowest, codes.highest).astype(codes.dtype)
            self.values[name] = self.inputs.astype(np.int64)
        return name


def random_squeeze(random, network, config):
    """Policy, degree, mode and overrides; every layer keeps a plane."""
    mapping, cell_bits = config["mapping"], config["cell"]["bits"]
    planes = {layer.name: hw.ceil_div(layer.magnitude_bits, cell_bits) for layer in network.layers
              if layer.op in nw.CROSSBAR_OPS}
    degree = int(random.integers(0, max(planes.values()))) if random.random() < 0.3 else \
        min(pick(random, 1, 2, 2, 3, 3, 4), max(planes.values()) - 1)
    changed = {name: int(random.integers(0, count)) for name, count in planes.items()
               if degree >= count or random.random() < 0.2}
    mapping |= {
        "squeeze": pick(random, *("all", "winning", "auto", "auto") * 3, "off"),
        "squeeze_degree": degree,
        "squeeze_mode": pick(random, "mask", "exact"),
        "squeeze_error_cap": pick(random, 0.0, 1e-4, 1e-3, 0.01, 0.01, 0.05, 0.05, 1.0),
        "grouping": pick(random, "original", "sorted", "sorted"),
    }
    if changed and mapping["squeeze"] != "off":  # where they would have no effect, overrides are refused
        mapping["squeeze_layers"] = ", ".join(f"{name}={value}" for name, value in changed.items())


def make_case(seed, number):
    """A small network; one case in eight is on hardware that cannot squeeze and only skips."""
    random = rc.generator(seed, number)
    config = rc.random_hardware(random)
    skips_only = random.random() < 1 / 8
    if not skips_only:
        config["mapping"] = {"model": "bit_sliced", "signs": pick(random, "differential", "magnitude"),
                             "flip_encoding": False}
        config["cell"]["bits"] = pick(random, 1, 1, 1, 2, 2, 3)
    config["crossbar"]["rows"] = pick(random, 2, 4, 5, 8, 8, 8, 16, 16, 16, 32, 32, 64, 100, 128, 200)
    config["row_pipeline"] = {"input_zero_skip": bool(skips_only or random.random() < 0.5)}
    tall = random.random() < 0.4  # many row blocks, whose degrees may differ
    builder = RowBuilder(random, images=1 if tall else int(random.integers(1, 4)), signed=config["dac"]["bits"] == 1,
                         block_rows=128 if tall else config["crossbar"]["rows"])
    network = builder.small_network(f"squeeze-{seed}-{number}")
    if not skips_only:
        random_squeeze(random, network, config)
    rc.fit_hardware(random, network, config)
    config |= {"buffer": dict(rc.LARGE_BUFFERS), "run": rc.run_section(random)}
    labels = rc.random_labels(random, builder.values[network.output])
    return rc.Case(seed, number, network.name, network, builder.inputs, labels, config)


def make_balanced_case(seed, number):
    """A squeezed case whose row groups are replicated within a budget; all row groups have bit-cycles of one length,
    because every column is scanned."""
    case, random = make_case(seed, number), rc.generator(seed + 1, number)
    case.network.layers[:] = case.network.ordered()  # of equal row groups those of the first layer come first
    case.config["adc"]["scan"] = "all"
    hardware = hw.read_hardware(case.config)
    crossbars = [mapped.crossbars for mapped in nw.map_network(case.network, hardware).values()]
    budgets = ["dense_sliced", "dense_sliced"]
    if None not in (rp.conventional(layer, hardware) for layer in case.network.layers if layer.op in nw.CROSSBAR_OPS):
        budgets.append("conventional")
    if all(crossbars):
        budgets.append("chip")
    budget = pick(random, *budgets)
    case.config["mapping"] |= {"replication": "balanced", "crossbar_budget": budget}
    if budget == "chip":
        tiles = sum(hw.ceil_div(count, rc.TILE_CROSSBARS) for count in crossbars)
        case.config["chip"] = {"tiles": tiles + int(random.integers(0, 3))}
    return case


def replicated(case, run):
    """Crossbars with their replicas by the name of a crossbar layer."""
    hardware, config = hw.read_hardware(case.config), case.config
    layers = [layer for layer in case.network.layers if layer.op in nw.CROSSBAR_OPS]
    waves = {layer.name: run.counts[layer.name]["waves"] // len(case.inputs) for layer in layers}
    groups = rp.demands(case.network, run.mapped, waves, hardware)
    if config["mapping"]["crossbar_budget"] == "chip":
        rp.balance(groups, config["chip"]["tiles"] * rc.TILE_CROSSBARS, rc.TILE_CROSSBARS)
    else:
        count = {"dense_sliced": rp.dense_sliced, "conventional": rp.conventional}[config["mapping"]["crossbar_budget"]]
        rp.balance(groups, sum(count(layer, hardware) for layer in layers))
    return {layer.name: sum(group.crossbars * group.replicas for group in groups if group.layer == layer.name)
            for layer in layers}


def without(case, **changes):
    """The hardware of a case with other fields."""
    return replace(hw.read_hardware(case.config), **changes)


def main():
    parser = argparse.ArgumentParser(description="Write one random squeezed case and what the reference expects.")
    parser.add_argument("folder", type=Path, help="new folder")
    parser.add_argument("--case", type=int, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--base", default="configs/chip/isaac.yaml", help="chip file to include")
    options = parser.parse_args()
    case = make_case(options.seed, options.case)
    config = rc.write_case(case, options.folder, options.base)
    (options.folder / "expectation.json").write_text(json.dumps(rc.expectation(case)[1], indent=1) + "\n")
    print(config)
    print(case.describe())


if __name__ == "__main__":
    main()
