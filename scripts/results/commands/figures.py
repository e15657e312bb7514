# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of a run or a sweep for a paper, each as PDF, SVG and PNG.

Without -o they are written to PATH/figures. A figure for which the folder holds nothing is left out, with a reason.
The same folder gives the same bytes.
"""
from pathlib import Path

from prune.errors import UserError
from results.files import enter
from results.folders import load


def add_arguments(parser):
    parser.add_argument("folder", metavar="PATH", help="folder of a run or of a sweep")
    parser.add_argument("-o", "--output", metavar="DIR", help="folder for the figures; made if it is not there")
    parser.add_argument("--only", metavar="NAME", action="append", help="draw this figure only; may be repeated")


def run(arguments):
    from results import plot  # matplotlib takes a second to import, errors should not

    loaded = load(arguments.folder)
    kind = "sweep" if loaded.is_sweep else "run"
    chosen = [plot.FIGURES.get(name) for name in arguments.only or plot.FIGURES.names()]
    wrong = [entry.name for entry in chosen if entry.of != kind]
    if arguments.only and wrong:
        raise UserError(f"--only {wrong[0]}: {arguments.folder} is the folder of a {kind}, the figure is not of one")
    folder = _made(Path(arguments.output or Path(arguments.folder) / "figures"))
    for entry in chosen:
        if entry.of == kind:
            for path in _draw(plot, entry, loaded.content, folder):
                enter(path, arguments.folder)
                print(path)


def _made(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError.at(folder, f"cannot be made ({error.strerror}); choose another folder with -o") from None
    return folder


def _draw(plot, entry, content, folder):
    """Draws a figure; yields its files."""
    try:
        axes = entry.draw(content)
    except plot.Inapplicable as error:
        print(f"{entry.name}: left out, {error}")
        return
    for ending in plot.FORMATS:
        path = folder / f"{entry.name}.{ending}"
        try:
            plot.save(axes, path)
        except OSError as error:
            raise UserError.at(path, f"cannot be written ({error.strerror}); choose another folder with -o") from None
        yield path
