# SPDX-License-Identifier: Apache-2.0
"""Prunes a trained network, retrains the weights that stay, and writes a new checkpoint folder.

The method decides which weights go and what holds the others; pruned weights are zero from then on, also while the others
are retrained. The options of each method are listed below; an option of another method than the chosen one is refused.
"""
import dataclasses

import numpy as np

from prune import checkpoint, choices
from prune.commands.train import add_output_arguments
from prune.data import DATA_SETS
from prune.methods import METHODS
from prune.options import add_arguments as add_options, parsed
from prune.provenance import command_line, library_versions
from prune.training_options import with_defaults

RETRAINING = with_defaults(epochs=30, learning_rate=0.002)


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train` or `prune`")
    names = ", ".join(METHODS.names())
    parser.add_argument("--method", metavar="NAME", required=True, help=f"how to choose the weights; one of: {names}")
    choices.add_arguments(parser, METHODS, "--method")
    add_options(parser.add_argument_group("retraining", _other_defaults()), RETRAINING)
    add_output_arguments(parser)


def run(arguments):
    method = METHODS.get(arguments.method)
    method_options = method.resolve(_given_to_methods(arguments))
    options = parsed(_retraining(method), arguments, "prune")
    method.check(method_options, options)
    checkpoint.check_target(arguments.output, arguments.force)
    source = checkpoint.load(arguments.checkpoint)
    import torch

    from prune.progress import Progress
    from prune.training import train

    line = command_line(
        "prune", [arguments.checkpoint], {"method": method.name, **method_options, **options}, arguments.output
    )
    progress = Progress(arguments.output, {"command": line, "start": source.digest()}, arguments.resume)
    data = DATA_SETS.get(source.data)()
    masks = method.masks(source.weights(), method_options)
    kept, total = sum(int(m.sum()) for m in masks.values()), sum(m.size for m in masks.values())
    print(f"{method.name}: removes {total - kept} of {total} weights ({1 - kept / total:.2%})", flush=True)
    constraint = method.constraint(masks, method_options)
    outcome = train(source.graph(), data, options, source.parameters, constraint, progress)
    result = dataclasses.replace(
        source,
        seed=options["seed"],
        method=method.name,
        options=method_options,
        commands=[*source.commands, line],
        library_versions=library_versions(torch),
        parameters=outcome.parameters,
    )
    checkpoint.save(result, outcome.log, arguments.output, arguments.force)
    progress.discard()
    for name, weight in result.weights().items():
        print(f"  {name:<12} {1 - np.count_nonzero(weight) / weight.size:7.2%} of {weight.size} weights are zero")
    for line in method.report(result.weights(), method_options):
        print(f"  {line}")
    print(f"wrote checkpoint {arguments.output}")


def _retraining(method):
    """The training options with the defaults that suit the method."""
    return tuple(dataclasses.replace(o, default=method.retraining.get(o.name, o.default)) for o in RETRAINING)


def _other_defaults():
    texts = []
    for name in METHODS.names():
        changed = [o for o in _retraining(METHODS.get(name)) if o.name in METHODS.get(name).retraining]
        if changed:
            texts.append(f"Defaults of --method {name}: {', '.join(f'{o.flag} {o.default}' for o in changed)}.")
    return " ".join(texts) or None


def _given_to_methods(arguments):
    names = {option.name for name in METHODS.names() for option in METHODS.get(name).options}
    return {name: getattr(arguments, name) for name in sorted(names)}
