# SPDX-License-Identifier: Apache-2.0
"""Writes a bundle; the same bundle always gives the same bytes."""
import dataclasses

from prune.bundle import FORMAT, MARKER, PROVENANCE, VERSION, tensors, yaml_text
from prune.bundle.yaml_text import Flow
from prune.quantised import TENSORS, storage_dtype


def write_bundle(bundle, folder):
    """Writes all files of `bundle` into the existing, empty `folder`."""
    network = bundle.network
    q = network.input.quantisation
    document = {
        "format": FORMAT,
        "version": VERSION,
        "name": network.name,
        "input": Flow(
            name=network.input.name,
            shape=list(network.input.shape),
            bits=q.bits,
            signed=q.signed,
            scale=float(q.scale),
            zero_point=q.zero_point,
        ),
        "output": network.output,
        "layers": [_layer(layer, folder) for layer in network.layers],
    }
    if bundle.inputs is not None:
        samples = {"inputs": tensors.write(folder, "inputs.npy", bundle.inputs.astype(storage_dtype(q)))}
        if bundle.labels is not None:
            samples["labels"] = tensors.write(folder, "labels.npy", bundle.labels)
        document["samples"] = samples
    if bundle.expected is not None:
        outputs = bundle.expected.astype(storage_dtype(network.quantisations()[network.output]))
        document["expected"] = {"outputs": tensors.write(folder, "expected/outputs.npy", outputs)}
    yaml_text.dump(document, folder / MARKER)
    yaml_text.dump(bundle.provenance, folder / PROVENANCE)


def _layer(layer, folder):
    result = {"name": layer.name, "op": layer.op, "inputs": list(layer.inputs)}
    if layer.attributes:
        result["attributes"] = Flow(layer.attributes)
    if layer.weight is not None:
        result["magnitude_bits"] = layer.magnitude_bits
        for key in TENSORS:
            result[key] = tensors.write(folder, f"{layer.name}.{key}.npy", getattr(layer, key))
    result["output"] = Flow(dataclasses.asdict(layer.output))
    return result
