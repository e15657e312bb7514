# SPDX-License-Identifier: Apache-2.0
"""Measures the accuracy of a checkpoint's float network on the held-out samples of its data set."""
from prune import checkpoint
from prune.data import DATA_SETS
from prune.options import Option, add_arguments as add_options, parsed

OPTIONS = (
    Option("images", int, 0, "Run only the first samples; 0 runs all.", minimum=0),
    Option("threads", int, 1, "CPU threads.", minimum=1, maximum=1024),
)


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train`, `prune` or `import`")
    add_options(parser, OPTIONS)


def run(arguments):
    options = parsed(OPTIONS, arguments, "evaluate")
    source = checkpoint.load(arguments.checkpoint)
    from prune.training import accuracy

    data = DATA_SETS.get(source.data)()
    count = min(options["images"] or len(data.held_out.labels), len(data.held_out.labels))
    result = accuracy(source.graph(), source.parameters, data, options["threads"], count)
    print(f"accuracy {result:.2%} of {count} held-out samples")
