# SPDX-License-Identifier: Apache-2.0
"""Turns a trained network that others published as a PyTorch state_dict into a checkpoint folder.

The keys must be those that the network declares; all that are missing, unexpected or of another shape are listed. The
accuracy on the held-out samples is measured if the data set is there, and goes into log.csv.
"""
import hashlib
from pathlib import Path

from prune import checkpoint
from prune.data import DATA_SETS
from prune.errors import UserError
from prune.networks import NETWORKS
from prune.options import Option, add_arguments as add_options, parsed
from prune.provenance import command_line, last_name, library_versions

OPTIONS = (
    Option("origin", str, "", "Who published the file, and where, for the provenance."),
    Option("images", int, 0, "Measure the accuracy on the first held-out samples only; 0 takes all.", minimum=0),
    Option("threads", int, 1, "CPU threads to measure the accuracy with.", minimum=1, maximum=1024),
)


def add_arguments(parser):
    parser.add_argument("file", metavar="FILE", help="PyTorch file with a state_dict (.th, .pt, .pth)")
    names = ", ".join(NETWORKS.names())
    parser.add_argument("--network", metavar="NAME", required=True, help=f"what the file holds; one of: {names}")
    add_options(parser, OPTIONS)
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="checkpoint folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing checkpoint folder")


def run(arguments):
    network = NETWORKS.get(arguments.network)
    options = parsed(OPTIONS, arguments, "import")
    checkpoint.check_target(arguments.output, arguments.force)
    import torch

    from prune import state_dict

    graph = network.build()
    parameters = state_dict.read(arguments.file, graph.parameter_shapes(), network.published)
    given = {"network": network.name, **options}
    line = command_line("import", [arguments.file], given, arguments.output)
    result = checkpoint.Checkpoint(
        network=network.name,
        data=network.data,
        seed=0,
        method="none",
        options={},
        commands=[line],
        library_versions=library_versions(torch),
        parameters=parameters,
        origin=_origin(arguments.file, options["origin"]),
    )
    log = "epoch,held_out_accuracy\n" + _measured(graph, parameters, network.data, options)
    checkpoint.save(result, log, arguments.output, arguments.force)
    print(f"wrote checkpoint {arguments.output}")


def _origin(file, text):
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return f"{text + ', ' if text else ''}file {last_name(file)}, SHA-256 {digest}"


def _measured(graph, parameters, name, options):
    """The row of log.csv for the accuracy; none where the data set cannot be loaded."""
    from prune.training import accuracy

    try:
        data = DATA_SETS.get(name)()
    except UserError as error:
        print(f"accuracy not measured: {error}")
        return ""
    count = min(options["images"] or len(data.held_out.labels), len(data.held_out.labels))
    result = accuracy(graph, parameters, data, options["threads"], count)
    print(f"accuracy {result:.2%} of {count} held-out samples")
    return f"0,{result:.6f}\n"
