# SPDX-License-Identifier: Apache-2.0
"""How to train; declared once for the command line, the checks and the provenance."""
import dataclasses

from prune.options import Option

TRAINING = (
    Option("seed", int, 1, "Seed of the first weights and of the order of the samples.", minimum=0, maximum=2**31 - 1),
    Option("epochs", int, 40, "Passes over the training samples.", minimum=1, maximum=100000),
    Option("batch_size", int, 64, "Samples per step.", minimum=2, maximum=100000),
    Option(
        "optimiser",
        str,
        "adam",
        "Adam, or gradient descent with Nesterov momentum 0.9 (sgd).",
        choices=("adam", "sgd"),
    ),
    Option(
        "learning_rate",
        float,
        0.003,
        "The optimiser's first step size; it falls to zero as a cosine.",
        minimum=1e-8,
        maximum=10.0,
    ),
    Option(
        "warmup_epochs", int, 0, "Epochs over which the step size first rises from zero.", minimum=0, maximum=1000
    ),
    Option("weight_decay", float, 1e-4, "Pull of the weights towards zero.", minimum=0.0, maximum=1.0),
    Option(
        "augment",
        str,
        "none",
        "Random changes of the training images: none, or a crop within 4 pixels and a mirror image (crop_flip).",
        choices=("none", "crop_flip"),
    ),
    Option("limit", int, 0, "Use only the first training samples, for a quick trial; 0 uses all.", minimum=0),
    Option(
        "threads",
        int,
        1,
        "CPU threads. The weights depend on it: sums are taken in another order.",
        minimum=1,
        maximum=1024,
    ),
    Option(
        "layout",
        str,
        "planes",
        "Order of activations in memory: planes, or channels_last, which is faster for wide convolutions. The weights "
        "depend on it as on threads.",
        choices=("planes", "channels_last"),
    ),
)


def with_defaults(**defaults):
    """The training options with other defaults."""
    return tuple(dataclasses.replace(o, default=defaults.get(o.name, o.default)) for o in TRAINING)
