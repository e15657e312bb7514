# SPDX-License-Identifier: Apache-2.0
"""The command line: `squeezebar search` calls it with the program in $SQUEEZEBAR."""
import argparse
import os
from pathlib import Path

from prune.command_line import guarded
from prune.options import Parser

_DESCRIPTION = """\
Searches a config's keys for points that no other point beats in every objective (NSGA-II). docs/reference/search.md has
the format of SPEC. The folder is that of a sweep: the same tables, the same report."""


def main(arguments=None):
    """Runs the command line; returns the exit code: 0 fine, 1 a sweep failed, 2 a mistake of the user, 130 interrupted."""
    return guarded(lambda: _search(arguments), interrupted="interrupted; the same command goes on where it was")


def _search(arguments):
    parser = Parser(
        prog="squeezebar search", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("spec", metavar="SPEC", help="what to search")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder of the search (default: runs/<name of SPEC>)")
    parser.add_argument("--store", metavar="DIR", help="folder of the points' results (default: points beside DIR)")
    parser.add_argument(
        "--sweep-option", metavar="OPTION", action="append", default=[], help="an option of squeezebar sweep; may be repeated"
    )
    parsed = parser.parse_args(arguments)
    # Optuna takes a second to import, errors in the command line should not.
    from search.run import search
    from search.spec import read_spec

    folder = Path(parsed.output or Path("runs") / Path(parsed.spec).stem)
    store = Path(parsed.store or folder.parent / "points")
    program = os.environ.get("SQUEEZEBAR", "squeezebar")
    return search(read_spec(Path(parsed.spec), program), folder, store, program, parsed.sweep_option)
