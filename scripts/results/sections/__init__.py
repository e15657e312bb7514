# SPDX-License-Identifier: Apache-2.0
"""Sections of the page of a run: one file each, which registers a function of the run.

The function returns a Section, or None where the run has nothing to show; `order` is its place on the page.
"""
import dataclasses

import plotly.graph_objects as go

from prune.registry import Registry
from results.palette import COLOURS

SECTIONS = Registry("section", "results.sections")


@dataclasses.dataclass(frozen=True)
class Chart:
    """A Plotly figure without colours of the page (ground, text, grid), which follow its theme. `height` in pixels;
    `wide` charts take the whole width, others stand side by side where there is room. `note` is a sentence."""

    title: str
    figure: go.Figure
    height: int
    note: str = ""
    wide: bool = True


@dataclasses.dataclass(frozen=True)
class Section:
    """`key` is the anchor. `text` says what is shown and how to read it; `table` is (header, rows of texts)."""

    key: str
    title: str
    text: str
    charts: tuple = ()
    table: tuple = ()
    table_title: str = "Figures by layer"


def section(name, order):
    """Decorator that registers a function Run -> Section or None."""

    def register(function):
        SECTIONS.add(name, (order, function))
        return function

    return register


def sections_of(run):
    """The sections that the run has, in their order."""
    ordered = sorted((SECTIONS.get(name) for name in SECTIONS.names()), key=lambda entry: entry[0])
    return [made for made in (function(run) for _, function in ordered) if made]


def bars(names, values, name, colour, text, **options):
    """A trace of horizontal bars; `text` is shown when the pointer is on a bar."""
    return go.Bar(
        y=list(names),
        x=list(values),
        name=name,
        orientation="h",
        marker_color=colour,
        text=list(text),
        textposition="none",
        hovertemplate=f"%{{y}}<br>{name}: %{{text}}<extra></extra>",
        **options,
    )


def bar_layout(figure, title, unit="", **options):
    """A figure of stacked horizontal bars from top to bottom, an axis with SI prefixes below."""
    axis = {"title": title, "ticksuffix": unit, "exponentformat": "SI", "rangemode": "tozero"} | options
    figure.update_layout(
        barmode="stack",
        xaxis=axis,
        yaxis={"autorange": "reversed", "automargin": True, "type": "category"},
        legend={"orientation": "h", "traceorder": "normal"},
    )
    return figure


def row_height(rows, legend_lines=1):
    """Pixels for a chart with this many bars one below the other."""
    return 105 + 26 * legend_lines + 24 * max(rows, 2)


__all__ = ["COLOURS", "Chart", "SECTIONS", "Section", "bar_layout", "bars", "row_height", "section", "sections_of"]
