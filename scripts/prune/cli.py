# SPDX-License-Identifier: Apache-2.0
"""The command line: sub-commands, and errors as one sentence with exit code 2."""
import argparse
import importlib
import inspect
import sys

from prune.commands.prune import add_arguments_of
from prune.errors import UserError
from prune.methods import METHODS
from prune.options import Parser

_COMMANDS = (
    "train",
    "import",
    "evaluate",
    "prune",
    "columns",
    "checkpoint",
    "quantise",
    "export",
    "samples",
    "verify",
)
_DESCRIPTION = """\
Makes workload bundles for squeezebar: trains a network, prunes it, quantises it to integers and exports it.
Each step reads the folder that the step before wrote. The name of a pruning method is a command too, short for
`prune --method NAME`."""
_EXAMPLE = """\
example, from the root of the repository:
  export PYTHONPATH=scripts
  python3 -m prune train --network digits -o /tmp/float
  python3 -m prune prune /tmp/float --method magnitude --sparsity 0.7 -o /tmp/p70
  python3 -m prune quantise /tmp/p70 -o /tmp/p70-int8
  python3 -m prune export /tmp/p70-int8 -o /tmp/digits-p70
  python3 -m prune verify /tmp/digits-p70
"""


def main(arguments=None):
    """Runs the command line; returns the exit code: 0 fine, 2 a mistake of the user, 130 interrupted."""
    try:
        parsed = _parser().parse_args(arguments)
        parsed.run(parsed)
        return 0
    except UserError as error:
        print(f"prune: error: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] == "prune":
            raise
        print(f"prune: error: {_missing(error.name)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("prune: interrupted; nothing was written", file=sys.stderr)
        return 130


def _missing(module):
    return f"{sys.executable} lacks the Python module {module!r}; install it (on Debian: python3-{module})"


def _parser():
    formatter = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="python3 -m prune", description=_DESCRIPTION, epilog=_EXAMPLE, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        module = importlib.import_module(f"prune.commands.{name}")
        text = inspect.getdoc(module)
        sub = _add_command(commands, name, text, help=text.splitlines()[0])
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    _add_short_forms(commands)
    return parser


def _add_short_forms(commands):
    """A command for each pruning method, which only the help of `prune` lists."""
    run = importlib.import_module("prune.commands.prune").run
    for name in METHODS.names():
        method = METHODS.get(name)
        text = inspect.getdoc(sys.modules[type(method).__module__])
        sub = _add_command(commands, name, f"{text}\n\nShort for `prune --method {name}`.")
        add_arguments_of(method, sub)
        sub.set_defaults(run=run)


def _add_command(commands, name, text, **shown):
    formatter = argparse.RawDescriptionHelpFormatter
    return commands.add_parser(name, description=text, formatter_class=formatter, allow_abbrev=False, **shown)
