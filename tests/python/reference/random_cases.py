# SPDX-License-Identifier: Apache-2.0
"""Seeded random networks and hardware descriptions, and the folders that the simulator reads.

Case n of a seed depends on nothing but the two numbers: the generator is Philox with the seed as key and n in the
top word of its counter. As a program it writes one case, with everything the reference expects of it:

    python3 tests/python/reference/random_cases.py --case 17 --base configs/chip/isaac.yaml FOLDER
"""
import argparse
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import yaml

import hardware as hw
import network as nw
from random_networks import Builder

SEED = 11
RESOLUTION_SEED = 20260403
GRAPH_SEED = 7
CALIBRATION_SEED = 20261121
LARGE_BUFFERS = {"size": "64 MB", "input_size": "16 MB", "output_size": "16 MB"}
MOST_CROSSBARS = 1500  # fits any chip of the presets
TILE_CROSSBARS = 96  # of both presets
MOST_ADC_BITS = 12  # the converter cost models are only claimed up to here


@dataclass
class Case:
    """A network, its samples and the sections of a configuration that override a chip file."""

    seed: int
    number: int
    name: str
    network: nw.Network
    inputs: np.ndarray
    labels: np.ndarray
    config: dict
    samples: int = 0  # images from which converters are calibrated

    def describe(self):
        ops = ", ".join(f"{layer.name}:{layer.op}" for layer in self.network.layers)
        return f"{self.name}: {ops}; " + json.dumps(self.config)


def generator(seed, number):
    return np.random.Generator(np.random.Philox(key=seed, counter=number << 192))


def pick(random, *choices):
    """One of `choices`; repeat a value to make it likelier."""
    return choices[int(random.integers(len(choices)))]


def random_hardware(random):
    """Crossbar, converters and mapping; columns are set once the widest weight is known."""
    signs = pick(random, "differential", "offset", "magnitude")
    return {
        "crossbar": {"rows": pick(random, 4, 5, 8, 12, 16, 16, 27, 32, 32, 48, 64, 64, 100, 128, 128, 129, 200, 256, 256),
                     "columns": 0},
        "cell": {"bits": pick(random, 1, 1, 1, 2, 2, 2, 3, 4)},
        "dac": {"bits": pick(random, 1, 1, 1, 1, 2, 2, 3), "charge": pick(random, "rows", "ones")},
        "adc": {"bits": int(random.integers(1, 10)), "resolution": pick(random, "fixed", "fixed", "lossless"),
                "range": pick(random, "clip", "full"), "scan": pick(random, "all", "mapped", "occupied")},
        "mapping": {"model": pick(random, "conventional", "bit_sliced"), "signs": signs,
                    "flip_encoding": bool(signs == "offset" and random.random() < 0.6)},
    }


def fit_hardware(random, network, config):
    """Chooses the columns, keeps the number of crossbars and the converter bits inside what a chip file offers."""
    layers = [layer for layer in network.layers if layer.op in nw.CROSSBAR_OPS]
    cells = max(hw.ceil_div(hw.weight_bits(layer.magnitude_bits, config["mapping"]["signs"]), config["cell"]["bits"])
                for layer in layers)
    barely = cells + int(random.integers(cells))
    columns = pick(random, barely, 8, 16, 32, 37, 64, 128, 128)
    crossbar = config["crossbar"]
    crossbar["columns"] = max(columns, cells if config["mapping"]["model"] == "conventional" else 1)
    while True:
        hardware = hw.read_hardware(config)
        mapped = nw.map_network(network, hardware).values()
        if sum(layer.crossbars for layer in mapped) <= MOST_CROSSBARS:
            break
        crossbar["rows"], crossbar["columns"] = 2 * crossbar["rows"], 2 * crossbar["columns"]
    bits = hw.lossless_bits(mapped, hardware)
    if bits > MOST_ADC_BITS:
        config["adc"]["resolution"] = "fixed"
    if random.random() < 0.5:  # near the edge, where some conversions clip
        config["adc"]["bits"] = min(9, max(1, bits - int(random.integers(0, 4))))


def random_labels(random, outputs):
    """Half of the labels are what the integer reference answers, so that accuracies are neither 0 nor 1."""
    flat = outputs.reshape(len(outputs), -1)
    guesses = random.integers(0, min(256, flat.shape[1]), len(flat))
    answers = np.where(random.random(len(flat)) < 0.6, flat.argmax(axis=1), guesses)
    return np.minimum(answers, 255).astype(np.uint8)


def run_section(random):
    return {"images": 0, "outputs": True, "function": "exact", "threads": pick(random, 1, 1, 2),
            "lookahead": pick(random, 1, 2, 16), "schedule": pick(random, "pipelined", "pipelined", "layer_serial")}


def make_case(seed, number):
    """A small network on random hardware with buffers of ample size."""
    random = generator(seed, number)
    config = random_hardware(random)
    builder = Builder(random, images=int(random.integers(2, 5)), signed=config["dac"]["bits"] == 1,
                      block_rows=config["crossbar"]["rows"])
    network = builder.small_network(f"random-{seed}-{number}")
    fit_hardware(random, network, config)
    if random.random() < 0.15:
        config["mapping"]["replicas"] = 2
    config |= {"buffer": dict(LARGE_BUFFERS), "run": run_section(random)}
    labels = random_labels(random, builder.values[network.output])
    return Case(seed, number, network.name, network, builder.inputs, labels, config)


def make_resolution_case(seed, number):
    """As make_case, with a resolution for each crossbar, up to one that clips some of them."""
    case = make_case(seed, number)
    random = generator(seed, number)
    case.config["adc"] |= {"resolution": "per_crossbar", "accounting": pick(random, "exact", "exact", "dub")}
    if random.random() < 0.5:
        case.config["adc"]["bits"] = 9
    return case


def random_calibration(random):
    """The keys of `adc` with which steps come from sample inputs."""
    return {"range": "calibrated", "calibration": "calibration",
            "calibrate_per": pick(random, "layer", "column_block", "crossbar"),
            "calibrate_by": pick(random, "percentile", "least_error"),
            "percentile": pick(random, 100, 99.9, 99, 90, 50, 1e-6, round(100 * float(random.random()) + 1e-3, 6))}


def make_calibration_case(seed, number):
    """As make_case, with steps from some of the images, squeezed now and then."""
    case = make_case(seed, number)
    random = generator(seed, number)
    case.config["adc"] |= random_calibration(random)
    case.config["adc"]["resolution"] = pick(random, "fixed", "fixed", "lossless", "per_crossbar")
    hardware = hw.read_hardware(case.config)
    bits = hw.lossless_bits(nw.map_network(case.network, hardware).values(), hardware)
    if bits > MOST_ADC_BITS and case.config["adc"]["resolution"] == "lossless":
        case.config["adc"]["resolution"] = "fixed"
    case.config["row_pipeline"] = {"input_zero_skip": bool(random.random() < 0.5)}
    case.samples = int(random.integers(1, len(case.inputs) + 1))
    cells = min(hw.cells_per_weight(layer.magnitude_bits, hardware)
                for layer in case.network.layers if layer.op in nw.CROSSBAR_OPS)
    if hardware.scheme == "bit_sliced" and hardware.signs != "offset" and cells > 1:
        case.config["mapping"] |= {"squeeze": pick(random, "off", "all", "auto"), "squeeze_degree": 1}
    return case


def make_graph_case(seed, number):
    """Forks and joins on plain hardware without clipping, with buffers that are sometimes too small."""
    random = generator(seed, number)
    config = random_hardware(random)
    config["crossbar"] = {"rows": 32, "columns": 0}
    config["cell"], config["dac"]["bits"] = {"bits": pick(random, 1, 2)}, 1
    config["adc"]["resolution"] = "lossless"
    builder = Builder(random, images=int(random.integers(2, 6)), signed=True, block_rows=32)
    network = builder.graph_network(f"graph-{seed}-{number}")
    fit_hardware(random, network, config)
    config["adc"]["resolution"] = "lossless"
    sizes = [2 ** random.uniform(3, 17) for _ in range(2)]
    config["buffer"] = dict(LARGE_BUFFERS, input_size=f"{int(sizes[0])} B", output_size=f"{int(sizes[1])} B")
    config["run"] = run_section(random)
    labels = random_labels(random, builder.values[network.output])
    return Case(seed, number, network.name, network, builder.inputs, labels, config)


def codes_entry(codes, clamp=True):
    entry = {"bits": codes.bits, "signed": codes.signed, "scale": float(codes.scale), "zero_point": codes.zero_point}
    return entry | ({"min": codes.minimum, "max": codes.maximum} if clamp else {})


def save_tensor(folder, file, array):
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.ascontiguousarray(array))
    return {"file": file, "dtype": str(array.dtype), "shape": list(array.shape),
            "sha256": sha256(path.read_bytes()).hexdigest()}


def layer_entry(folder, layer):
    entry = {"name": layer.name, "op": layer.op, "inputs": layer.inputs}
    if layer.attributes:
        entry["attributes"] = layer.attributes
    if layer.op in nw.CROSSBAR_OPS:
        entry["magnitude_bits"] = layer.magnitude_bits
        for key in nw.TENSOR_KEYS:
            entry[key] = save_tensor(folder, f"{layer.name}.{key}.npy", getattr(layer, key))
    return entry | {"output": codes_entry(layer.output)}


def write_bundle(case, folder):
    """Writes network.yaml, the tensors, the samples, the integer reference's outputs and provenance.yaml."""
    folder = Path(folder)
    folder.mkdir(parents=True)
    network = case.network
    outputs = nw.integer_reference(network, case.inputs)[network.output].reshape(len(case.inputs), -1)
    output_dtype = network.codes(network.output).dtype
    description = {
        "format": "squeezebar-bundle", "version": 1, "name": case.name,
        "input": {"name": network.input_name, "shape": list(network.input_shape),
                  **codes_entry(network.input_codes, clamp=False)},
        "output": network.output,
        "layers": [layer_entry(folder, layer) for layer in network.layers],
        "samples": {"inputs": save_tensor(folder, "inputs.npy", case.inputs.astype(network.input_codes.dtype)),
                    "labels": save_tensor(folder, "labels.npy", case.labels)},
        "expected": {"outputs": save_tensor(folder, "expected/outputs.npy", outputs.astype(output_dtype))},
    }
    (folder / "network.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    weights = [layer.weight for layer in network.layers if layer.weight is not None]
    zeros = sum(int(np.count_nonzero(weight == 0)) for weight in weights) / sum(weight.size for weight in weights)
    accuracy = nw.accuracy(outputs, case.labels)
    graph = "--graph " if case.name.startswith("graph") else ""
    provenance = {"source": "seeded random network", "method": "none", "options": {}, "seed": case.seed,
                  "float_accuracy_top1": accuracy, "quantised_accuracy_top1": accuracy, "sparsity": zeros,
                  "versions": {"numpy": np.__version__},
                  "command": f"python3 tests/python/reference/random_cases.py {graph}--seed {case.seed} "
                             f"--case {case.number} FOLDER"}
    (folder / "provenance.yaml").write_text(yaml.safe_dump(provenance, sort_keys=False))


def write_case(case, folder, base, config=None):
    """Writes the bundle and a configuration that includes the chip file `base`; returns the configuration's path."""
    folder = Path(folder)
    write_bundle(case, folder / "bundle")
    return write_config(case.config if config is None else config, folder / "case.yaml", base)


def write_config(config, path, base):
    include = os.path.relpath(Path(base).resolve(), path.parent.resolve())
    top = {"version": 1, "include": [include], "workload": {"bundle": "bundle"}, **config}
    path.write_text(yaml.safe_dump(top, sort_keys=False))
    return path


def expectation(case):
    """What a run has to report, in plain types."""
    hardware = hw.read_hardware(case.config)
    sums = nw.column_sums(case.network, case.inputs[: case.samples], hardware) if case.samples else None
    run = nw.hardware_run(case.network, case.inputs, hardware, sums)
    reference = nw.integer_reference(case.network, case.inputs)
    output = case.network.output
    return run, {
        "layers": {name: dict(counts) for name, counts in run.counts.items()},
        "totals": dict(run.totals),
        "adc_bits_histogram": {str(bits): count for bits, count in run.histogram.items()},
        "accuracy_top1": nw.accuracy(run.values[output], case.labels),
        "accuracy_reference_top1": nw.accuracy(reference[output], case.labels),
        "outputs": run.values[output].tolist(),
        "reference_outputs": reference[output].tolist(),
        "reference_signal": bool(np.any(reference[output] != case.network.codes(output).zero_point)),
    }


def main():
    parser = argparse.ArgumentParser(description="Write one random case and what the reference expects of it.")
    parser.add_argument("folder", type=Path, help="new folder")
    parser.add_argument("--case", type=int, required=True)
    parser.add_argument("--graph", action="store_true", help="a fork and join case with small buffers")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--base", default="configs/chip/isaac.yaml", help="chip file to include")
    options = parser.parse_args()
    make = make_graph_case if options.graph else make_case
    default_seed = GRAPH_SEED if options.graph else SEED
    case = make(default_seed if options.seed is None else options.seed, options.case)
    config = write_case(case, options.folder, options.base)
    (options.folder / "expectation.json").write_text(json.dumps(expectation(case)[1], indent=1) + "\n")
    print(config)
    print(case.describe())


if __name__ == "__main__":
    main()
