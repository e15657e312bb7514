# SPDX-License-Identifier: Apache-2.0
"""Makes the interactive report of a run or a sweep, one self-contained HTML file.

Without -o the report of a run is written to RUN/interactive.html, that of a sweep to SWEEP/report.html.
"""
from pathlib import Path

from results.files import enter, write_text
from results.folders import load


def add_arguments(parser):
    parser.add_argument("folder", metavar="PATH", help="folder of a run or of a sweep")
    parser.add_argument("-o", "--output", metavar="FILE", help="HTML file to write")
    parser.add_argument("-q", "--quiet", action="store_true", help="do not print the name of the file")


def run(arguments):
    loaded = load(arguments.folder)
    if loaded.is_sweep:
        from results.sweep_page import sweep_page as make  # Plotly takes a second to import, errors should not

        name = "report.html"
    else:
        from results.run_page import run_page as make

        name = "interactive.html"
    output = Path(arguments.output or Path(arguments.folder) / name)
    write_text(output, make(loaded.content, output.parent) if loaded.is_sweep else make(loaded.content))
    enter(output, arguments.folder)
    if not arguments.quiet:
        print(output)
