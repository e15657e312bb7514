# SPDX-License-Identifier: Apache-2.0
"""Quantises a checkpoint and writes the integer network: a bundle folder that has no samples yet.

ReLU is fused into the layer before it. Batch normalisation is folded into the weights or, with a weight scheme that
has a pattern, into the factor that scales a channel's sums. Needs NumPy only: given the same weights, the bytes of
the network are the same on every machine. The options of each scheme are listed below; an option of another scheme
than the chosen one is refused.
"""
import numpy as np

from prune import checkpoint, choices, convolution, float_reference, provenance, reference
from prune.bundle import MARKER, Bundle
from prune.bundle.read import read_bundle
from prune.bundle.write import write_bundle
from prune.data import DATA_SETS
from prune.folder import check_folder, new_folder
from prune.networks import NETWORKS
from prune.options import Option, add_arguments as add_options, parsed
from prune.quantise import OPTIONS, quantise
from prune.readiness import ready_graph
from prune.schemes import SCHEMES

MEASURING = (Option("images", int, 0, "Measure accuracy on the first held-out samples only; 0 takes all.", minimum=0),)


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train`, `prune` or `import`")
    names = ", ".join(SCHEMES.names())
    text = f"integers for the weights; one of: {names} (default uniform)"
    parser.add_argument("--scheme", metavar="NAME", default="uniform", help=text)
    choices.add_arguments(parser, SCHEMES, "--scheme")
    add_options(parser.add_argument_group("all schemes"), (*OPTIONS, *MEASURING))
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing bundle folder")


def run(arguments):
    scheme = SCHEMES.get(arguments.scheme)
    scheme_options = choices.parsed(SCHEMES, scheme, arguments, f"scheme {scheme.name}")
    scheme.check(scheme_options)
    options = parsed(OPTIONS, arguments, "quantise")
    measuring = parsed(MEASURING, arguments, "quantise")
    check_folder(arguments.output, MARKER, arguments.force)
    source = checkpoint.load(arguments.checkpoint)
    data = DATA_SETS.get(source.data)()
    graph = ready_graph(NETWORKS.get(source.network), data)
    name = provenance.last_name(arguments.output)
    line = provenance.command_line(
        "quantise",
        [arguments.checkpoint],
        {"scheme": scheme.name, **scheme_options, **options, **measuring},
        arguments.output,
    )
    with new_folder(arguments.output, MARKER, arguments.force) as folder:
        network, folded = quantise(name, graph, source.parameters, data, scheme, {**scheme_options, **options})
        float_right, quantised_right = _right(source, network, folded, data, measuring["images"])
        float_accuracy, quantised_accuracy = (float(np.mean(right)) for right in (float_right, quantised_right))
        sparsity, by_layer = network.sparsity()
        bit_sparsity, bits_by_layer = network.bit_sparsity()
        record = {
            **provenance.of_checkpoint(source, data),
            "preparation": folded.preparation.record(),
            "float_accuracy_top1": float_accuracy,
            "quantised_accuracy_top1": quantised_accuracy,
            "accuracy_images": len(float_right),
            "float_wrong": np.flatnonzero(~float_right).tolist(),
            "sparsity": sparsity,
            "sparsity_by_layer": by_layer,
            "bit_sparsity": bit_sparsity,
            "bit_sparsity_by_layer": bits_by_layer,
            "scheme": scheme.name,
            "scheme_options": scheme_options,
            "quantisation": options,
            "library_versions": source.library_versions,
            **({"processor": source.processor} if source.processor else {}),
            "command": "\n".join([*source.commands, line]) + "\n",
        }
        write_bundle(Bundle(network, record), folder)
        read_bundle(folder)
    accuracies = f"float accuracy {float_accuracy:.2%}, quantised {quantised_accuracy:.2%}"
    print(f"{accuracies} on {len(float_right)} held-out samples")
    print(f"zero bits by plane, most significant first: {', '.join(f'{value:.1%}' for value in bit_sparsity)}")
    print(f"sparsity {sparsity:.2%}; wrote quantised network {arguments.output}")


def _right(source, network, folded, data, images):
    """Which of the first held-out samples the float network classifies right, and which the integer network."""
    inputs, labels = (array[: images or None] for array in (data.held_out.inputs, data.held_out.labels))
    logits = reference.run(
        network,
        inputs,
        convolution.fastest(len(inputs)),
        codes_of=lambda batch: folded.preparation.codes(data, batch, network.input.quantisation),
    )
    return _float_right(source, folded, data, len(inputs)), reference.right(logits, labels)


def _float_right(source, folded, data, count):
    """By PyTorch where the samples are many and it is there, else in the order that is the same everywhere."""
    if count >= convolution.MANY:
        try:
            from prune import training

            return training.right(source.graph(), source.parameters, data, limit=count)
        except ModuleNotFoundError:
            pass
    logits = float_reference.run(folded, data.held_out.inputs[:count], real=data.real)
    return reference.right(logits, data.held_out.labels[:count])
