# SPDX-License-Identifier: Apache-2.0
"""Axes of matplotlib figures: labels in words, SI prefixes, per cent."""
from matplotlib.ticker import EngFormatter, FixedLocator, NullLocator

from results.units import is_fraction, unit_of, words

_PREFIXED = {"J", "s", "W", "Hz", "B", "OP/s"}


def label(axis, name, unit=""):
    """Labels an axis of matplotlib for the figure `name` of results."""
    unit = unit_of(name, unit)
    if is_fraction(name):
        axis.set_major_formatter(lambda value, _: f"{100 * value:.4g} %")
    elif unit in _PREFIXED:
        si(axis, unit)
    text = words(name)
    axis.set_label_text(text if unit in _PREFIXED or not unit or unit in text else f"{text} ({unit})")


def si(axis, unit=""):
    axis.set_major_formatter(EngFormatter(unit, sep="\N{THIN SPACE}" if unit else ""))


def only(axis, values):
    """Ticks at these values and nowhere else."""
    axis.set_major_locator(FixedLocator(values))
    axis.set_minor_locator(NullLocator())
