# SPDX-License-Identifier: Apache-2.0
"""Prunes a trained network, retrains the weights that stay, and writes a new checkpoint folder.

The method decides what is trained first, which weights go and what holds the others; pruned weights are zero from then on,
also while the others are retrained. The options of each method are listed below; an option of another method than the
chosen one is refused. `python3 -m prune METHOD CHECKPOINT ...` is short for `prune CHECKPOINT --method METHOD ...`.
"""
import dataclasses

import numpy as np

from prune import checkpoint, choices, stages
from prune.commands.train import add_output_arguments
from prune.data import DATA_SETS
from prune.methods import METHODS
from prune.options import add_arguments as add_options, parsed
from prune.provenance import command_line, library_versions, processor
from prune.training_options import with_defaults

_EPOCHS = {"doc": "Passes over the training samples; 0 leaves the weights that stay as they are.", "minimum": 0}
RETRAINING = tuple(
    dataclasses.replace(option, **_EPOCHS) if option.name == "epochs" else option
    for option in with_defaults(epochs=30, learning_rate=0.002)
)


def add_arguments(parser):
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train` or `prune`")
    names = ", ".join(METHODS.names())
    parser.add_argument("--method", metavar="NAME", required=True, help=f"how to choose the weights; one of: {names}")
    choices.add_arguments(parser, METHODS, "--method")
    add_options(parser.add_argument_group("retraining", _other_defaults()), RETRAINING)
    add_output_arguments(parser)


def add_arguments_of(method, parser):
    """The arguments of the short form with one method."""
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help="folder written by `train` or `prune`")
    add_options(parser.add_argument_group("options of the method"), method.options)
    add_options(parser.add_argument_group("retraining"), _retraining(method))
    add_output_arguments(parser)
    parser.set_defaults(method=method.name)


def run(arguments):
    method = METHODS.get(arguments.method)
    given = _given_to_methods(arguments)
    options = parsed(_retraining(method), arguments, "prune")
    method_options = method.fitted(method.resolve(given), given, options)
    method.check(method_options, options)
    checkpoint.check_target(arguments.output, arguments.force)
    source = checkpoint.load(arguments.checkpoint)
    method.check_weights(source.weights(), method_options)
    import torch

    from prune.progress import Progress

    line = command_line(
        "prune", [arguments.checkpoint], {"method": method.name, **method_options, **options}, arguments.output
    )
    listed = _stages(method, method_options, options)
    identity = {"command": line, "start": source.digest(), "stages": [stage.name for stage in listed]}
    progress = Progress(arguments.output, identity, arguments.resume)
    data = DATA_SETS.get(source.data)()
    outcome = stages.run(listed, source, data, options, progress, _announce(method))
    result = dataclasses.replace(
        source,
        seed=options["seed"],
        method=method.name,
        options=method_options,
        commands=[*source.commands, line],
        library_versions=library_versions(torch),
        processor=processor(),
        parameters=outcome.parameters,
    )
    checkpoint.save(result, outcome.log, arguments.output, arguments.force)
    progress.discard()
    for name, weight in result.weights().items():
        print(f"  {name:<12} {1 - np.count_nonzero(weight) / weight.size:7.2%} of {weight.size} weights are zero")
    for line in method.report(result.weights(), method_options):
        print(f"  {line}")
    print(f"wrote checkpoint {arguments.output}")


def _stages(method, method_options, options):
    """The stages of the method, and after them the retraining of what stays."""
    retraining = stages.Stage(
        stages.RETRAINING,
        options["epochs"],
        lambda weights: method.masks(weights, method_options),
        lambda masks: method.constraint(masks, method_options),
    )
    return [*method.stages(method_options), retraining]


def _announce(method):
    def tell(stage, masks):
        if stage.name != stages.RETRAINING:
            print(f"{method.name}: stage {stage.name}, {stage.epochs} epochs", flush=True)
            return
        kept, total = sum(int(m.sum()) for m in masks.values()), sum(m.size for m in masks.values())
        print(f"{method.name}: removes {total - kept} of {total} weights ({1 - kept / total:.2%})", flush=True)

    return tell


def _retraining(method):
    """The training options with the defaults that suit the method."""
    return tuple(dataclasses.replace(o, default=method.retraining.get(o.name, o.default)) for o in RETRAINING)


def _other_defaults():
    texts = {}
    for name in METHODS.names():
        changed = [o for o in _retraining(METHODS.get(name)) if o.name in METHODS.get(name).retraining]
        if changed:
            texts.setdefault(", ".join(f"{o.flag} {o.default}" for o in changed), []).append(name)
    return " ".join(f"Defaults of --method {', '.join(names)}: {text}." for text, names in texts.items()) or None


def _given_to_methods(arguments):
    names = {option.name for name in METHODS.names() for option in METHODS.get(name).options}
    return {name: getattr(arguments, name, None) for name in sorted(names)}
