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
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError.at(output, f"cannot be written ({reason}); choose another file with -o") from None
    print(output)
