# SPDX-License-Identifier: Apache-2.0
"""The command line: its sub-commands."""
import inspect
import sys

from prune.command_line import guarded, run_command
from prune.commands import prune
from prune.methods import METHODS

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
    return guarded(
        lambda: run_command("prune", _COMMANDS, _DESCRIPTION, _EXAMPLE, arguments, _add_short_forms), who="prune: "
    )


def _add_short_forms(add):
    """A command for each pruning method, which only the help of `prune` lists."""
    for name in METHODS.names():
        chosen = METHODS.get(name)
        text = inspect.getdoc(sys.modules[type(chosen).__module__])
        sub = add(name, f"{text}\n\nShort for `prune --method {name}`.")
        prune.add_arguments_of(chosen, sub)
        sub.set_defaults(run=prune.run)
