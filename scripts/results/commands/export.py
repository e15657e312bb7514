# SPDX-License-Identifier: Apache-2.0
"""Writes the table of a sweep in a format of other programs.

Without -o the file is written to SWEEP/points with the ending of the format.
"""
import sqlite3
from pathlib import Path

from prune import partial
from prune.errors import UserError
from results.formats import FORMATS
from results.sweep import load_sweep


def add_arguments(parser):
    parser.add_argument("folder", metavar="SWEEP", help="folder of a sweep")
    known = "; ".join(f"{name}: {FORMATS.get(name).summary}" for name in FORMATS.names())
    parser.add_argument("--format", metavar="NAME", required=True, help=known)
    parser.add_argument("-o", "--output", metavar="FILE", help="file to write")


def run(arguments):
    chosen = FORMATS.get(arguments.format)
    sweep = load_sweep(arguments.folder)
    output = Path(arguments.output or Path(arguments.folder) / f"points{chosen.ending}")
    try:
        with partial.new_file(output) as written:
            chosen.write(sweep, written)
    except (OSError, sqlite3.Error, ValueError, NotImplementedError) as error:  # pyarrow's are of the last two
        raise UserError.at(output, f"cannot be written ({_reason(error)}); choose another file with -o") from None
    print(output)


def _reason(error):
    """pandas tells of SQLite's error in another one, which holds the whole statement."""
    told = error.__cause__ if isinstance(error.__cause__, sqlite3.Error) else error
    if isinstance(told, sqlite3.Error):
        return str(told)
    return getattr(told, "strerror", None) or "the format does not take this table"
