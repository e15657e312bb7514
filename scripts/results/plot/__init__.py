# SPDX-License-Identifier: Apache-2.0
"""Figures for papers, one file each: functions of a Run or a Sweep that draw into `axes` (a new figure if not given) and
return the matplotlib Axes.

Figures are 8 point, in colours told apart with every common colour blindness; `save` writes the same bytes each time.
"""
import dataclasses
import functools

import matplotlib
from matplotlib.figure import Figure

from prune.errors import UserError
from prune.registry import Registry
from results.palette import COLOURS

SINGLE = 3.5  # inches: a column of a two-column paper
DOUBLE = 7.16  # inches: the whole width
FORMATS = ("pdf", "svg", "png")
FIGURES = Registry("figure", "results.plot")

_STYLE = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "axes.grid": True,
    "grid.linewidth": 0.4,
    "grid.color": "#d9dee5",
    "axes.axisbelow": True,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.5,
    "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    "figure.dpi": 150,
    "savefig.dpi": 300,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "squeezebar",
    "legend.handlelength": 1.2,
    "legend.columnspacing": 1.0,
    "hatch.linewidth": 0.5,
}
_NO_DATE = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}


class Inapplicable(UserError):
    """The run or sweep has nothing that the figure could show; the text says what is missing."""


@dataclasses.dataclass(frozen=True)
class Plot:
    """`draw(content, axes=None)` returns Axes; `of` is "run" or "sweep"."""

    name: str
    of: str
    draw: object


def figure(of, width=SINGLE, height=2.4):
    """Decorator that registers a function (content, axes) -> None as a figure of its name; sizes in inches, `height`
    may be a function of the content."""

    def register(function):
        @functools.wraps(function)
        def draw(content, axes=None):
            with matplotlib.rc_context(_STYLE):
                if axes is None:
                    tall = height(content) if callable(height) else height
                    axes = Figure(figsize=(width, tall), layout="constrained").subplots()
                function(content, axes)
            return axes

        FIGURES.add(function.__name__, Plot(function.__name__, of, draw))
        return draw

    return register


def legend_above(axes, columns=3):
    """The legend over the axes, where it hides nothing; none for a single entry."""
    handles, labels = axes.get_legend_handles_labels()
    if len(handles) > 1:
        axes.legend(handles, labels, loc="lower left", bbox_to_anchor=(0, 1), ncol=columns, borderaxespad=0.2)


def save(axes, path):
    """Writes the figure of `axes`; the end of `path` (pdf, svg or png) is the format. Same figure, same bytes."""
    with matplotlib.rc_context(_STYLE):
        axes.figure.savefig(path, metadata=_NO_DATE.get(str(path).rpartition(".")[2], {}))


# Each figure by its name, in place of the module that holds it: `results.plot.pareto(sweep)`.
globals().update({name: FIGURES.get(name).draw for name in FIGURES.names()})

__all__ = [
    "COLOURS",
    "DOUBLE",
    "FIGURES",
    "FORMATS",
    "Inapplicable",
    "Plot",
    "SINGLE",
    "figure",
    "legend_above",
    "save",
]
