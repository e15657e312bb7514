# SPDX-License-Identifier: Apache-2.0
"""Quantises a checkpoint and writes the integer network: a bundle folder that has no samples yet.

Batch normalisation is folded into the weights and ReLU into the layer before it. Needs NumPy only: given the same
weights, the bytes are the same on every machine.
"""
from prune import checkpoint, float_reference, provenance, reference
from prune.bundle import MARKER, Bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.data import DATA_SETS
from prune.folder import new_folder
from prune.options import add_arguments as add_options, parsed
from prune.quantise import OPTIONS, quantise


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train` or `prune`")
    add_options(parser, OPTIONS)
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing bundle folder")


def run(arguments):
    options = parsed(OPTIONS, arguments, "quantise")
    source = checkpoint.load(arguments.checkpoint)
    data = DATA_SETS.get(source.data)()
    name = provenance.last_name(arguments.output)
    with new_folder(arguments.output, MARKER, arguments.force) as folder:
        network, folded = quantise(name, source.graph(), source.parameters, data, options)
        float_logits = float_reference.run(folded, data.real(data.held_out.inputs))
        float_accuracy = reference.accuracy(float_logits, data.held_out.labels)
        quantised_accuracy = reference.accuracy(reference.run(network, data.held_out.inputs), data.held_out.labels)
        sparsity, by_layer = network.sparsity()
        line = provenance.command_line("quantise", [arguments.checkpoint], options, arguments.output)
        record = {
            **provenance.of_checkpoint(source, data),
            "float_accuracy_top1": float_accuracy,
            "quantised_accuracy_top1": quantised_accuracy,
            "sparsity": sparsity,
            "sparsity_by_layer": by_layer,
            "quantisation": options,
            "library_versions": source.library_versions,
            "command": "\n".join([*source.commands, line]) + "\n",
        }
        write_bundle(Bundle(network, record), folder)
        read_bundle(folder)
    count = len(data.held_out.labels)
    print(f"float accuracy {float_accuracy:.2%}, quantised {quantised_accuracy:.2%} on {count} held-out samples")
    print(f"sparsity {sparsity:.2%}; wrote quantised network {arguments.output}")
