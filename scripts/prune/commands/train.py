# SPDX-License-Identifier: Apache-2.0
"""Trains a float network from scratch and writes a checkpoint folder.

Runs on one CPU thread and is repeatable: the same seed gives the same weights on the same library versions. Each
epoch's loss and accuracy go to the terminal and into log.csv of the checkpoint.
"""
from prune import checkpoint
from prune.data import DATA_SETS
from prune.networks import NETWORKS
from prune.options import Option, add_arguments as add_options, parsed
from prune.provenance import command_line, library_versions

TRAINING = (
    Option("epochs", int, 40, "Passes over the training samples.", minimum=1, maximum=100000),
    Option("batch_size", int, 64, "Samples per step.", minimum=2, maximum=100000),
    Option(
        "learning_rate",
        float,
        0.003,
        "Adam's first step size; it falls to zero as a cosine.",
        minimum=1e-8,
        maximum=10.0,
    ),
    Option("weight_decay", float, 1e-4, "Pull of the weights towards zero.", minimum=0.0, maximum=1.0),
    Option("limit", int, 0, "Use only the first training samples, for a quick trial; 0 uses all.", minimum=0),
)
SEED = Option(
    "seed", int, 1, "Seed of the first weights and of the order of the samples.", minimum=0, maximum=2**31 - 1
)


def add_arguments(parser):
    parser.add_argument("--network", metavar="NAME", default="digits", help=f"one of: {_networks()} (default digits)")
    add_options(parser, (SEED, *TRAINING))
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="checkpoint folder to write")
    parser.add_argument("--force", action="store_true", help="replace an existing checkpoint folder")


def run(arguments):
    network = NETWORKS.get(arguments.network)
    options = parsed((SEED, *TRAINING), arguments, "train")
    checkpoint.check_target(arguments.output, arguments.force)
    import torch

    from prune.training import train

    data = DATA_SETS.get(network.data)()
    outcome = train(network.build(), data, options, options["seed"], options["limit"])
    result = checkpoint.Checkpoint(
        network=network.name,
        data=data.name,
        seed=options["seed"],
        method="none",
        options={},
        commands=[command_line("train", options={"network": network.name, **options}, output=arguments.output)],
        library_versions=library_versions(torch),
        parameters=outcome.parameters,
    )
    checkpoint.save(result, outcome.log, arguments.output, arguments.force)
    print(f"wrote checkpoint {arguments.output}")


def _networks():
    return ", ".join(f"{name} ({NETWORKS.get(name).summary})" for name in NETWORKS.names())
