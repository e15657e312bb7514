# SPDX-License-Identifier: Apache-2.0
"""The command line: its sub-commands."""
from prune.command_line import guarded, run_command

_COMMANDS = ("report", "figures", "export")
_DESCRIPTION = """\
Reads the folders that `squeezebar run` and `squeezebar sweep` write: makes interactive reports, figures for papers,
and tables for other programs."""
_EXAMPLE = """\
example, from the root of the repository:
  export PYTHONPATH=scripts
  python3 -m results report runs/digits_sme
  python3 -m results figures runs/digits_sme -o figures
"""


def main(arguments=None):
    """Runs the command line; returns the exit code: 0 fine, 2 a mistake of the user, 130 interrupted."""
    return guarded(lambda: run_command("results", _COMMANDS, _DESCRIPTION, _EXAMPLE, arguments))
