# SPDX-License-Identifier: Apache-2.0
"""The command line: sub-commands, and errors as one sentence with exit code 2."""
import argparse
import importlib
import inspect
import sys

from prune.errors import UserError
from prune.options import Parser

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
    try:
        parsed = _parser().parse_args(arguments)
        parsed.run(parsed)
        return 0
    except UserError as error:
        return _refused(error)
    except ModuleNotFoundError as error:
        if error.name.split(".")[0] in ("results", "prune"):
            raise
        return _refused(
            f"{sys.executable} lacks the Python module {error.name!r}; install it "
            f"(on Debian: python3-{error.name.split('.')[0]})"
        )
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130


def _refused(error):
    print(f"error: {error}", file=sys.stderr)
    return 2


def _parser():
    formatter = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="python3 -m results", description=_DESCRIPTION, epilog=_EXAMPLE, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in _COMMANDS:
        module = importlib.import_module(f"results.commands.{name}")
        text = inspect.getdoc(module)
        sub = commands.add_parser(
            name, help=text.splitlines()[0], description=text, formatter_class=formatter, allow_abbrev=False
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser
