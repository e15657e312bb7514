# SPDX-License-Identifier: Apache-2.0
"""The command line: its sub-commands."""
from prune.command_line import guarded, run_command

_COMMANDS = ("train", "import", "evaluate", "prune", "checkpoint", "quantise", "export", "samples", "verify")
_DESCRIPTION = """\
Makes workload bundles for squeezebar: trains a network, prunes it, quantises it to integers and exports it.
Each step reads the folder that the step before wrote."""
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
    return guarded(lambda: run_command("prune", _COMMANDS, _DESCRIPTION, _EXAMPLE, arguments), who="prune: ")
