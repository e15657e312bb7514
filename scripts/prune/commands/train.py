# SPDX-License-Identifier: Apache-2.0
"""Trains a float network from scratch and writes a checkpoint folder.

Repeatable: the same seed and options give the same weights on the same library versions and type of processor. Each
epoch's loss and accuracy go to the terminal and into log.csv of the checkpoint. The state after each epoch is kept
beside the output folder until training is complete; --resume goes on from it.
"""
from prune import checkpoint
from prune.data import DATA_SETS
from prune.networks import NETWORKS
from prune.options import add_arguments as add_options, parsed
from prune.provenance import command_line, library_versions, processor
from prune.training_options import TRAINING


def add_arguments(parser):
    parser.add_argument("--network", metavar="NAME", default="digits", help=f"one of: {_networks()} (default digits)")
    add_options(parser, TRAINING)
    add_output_arguments(parser)


def add_output_arguments(parser):
    """The arguments of a command that trains for hours and writes a checkpoint folder."""
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="checkpoint folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing checkpoint folder")
    parser.add_argument("--resume", action="store_true", help="go on after the last complete epoch, if there is one")


def run(arguments):
    network = NETWORKS.get(arguments.network)
    options = parsed(TRAINING, arguments, "train")
    checkpoint.check_target(arguments.output, arguments.force)
    import torch

    from prune.progress import Progress
    from prune.training import train

    line = command_line("train", options={"network": network.name, **options}, output=arguments.output)
    progress = Progress(arguments.output, {"command": line}, arguments.resume)
    data = DATA_SETS.get(network.data)()
    outcome = train(network.build(), data, options, progress=progress)
    result = checkpoint.Checkpoint(
        network=network.name,
        data=data.name,
        seed=options["seed"],
        method="none",
        options={},
        commands=[line],
        library_versions=library_versions(torch),
        processor=processor(),
        parameters=outcome.parameters,
    )
    checkpoint.save(result, outcome.log, arguments.output, arguments.force)
    progress.discard()
    print(f"wrote checkpoint {arguments.output}")


def _networks():
    return ", ".join(f"{name} ({NETWORKS.get(name).summary})" for name in NETWORKS.names())
