# SPDX-License-Identifier: Apache-2.0
"""Axes of matplotlib figures: labels in words, SI prefixes, per cent."""
from matplotlib.ticker import EngFormatter, FixedLocator, NullLocator

from results.units import is_fraction, unit_of, words

_PREFIXED = {"J", "s", "W", "Hz", "B", "OP/s"}
_CLOSEST = 0.1  # of the axis


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
    """Ticks at these rising values and nowhere else; of some whose labels would overlap, at the first."""
    least = _CLOSEST * (values[-1] - values[0])
    kept = []
    for value in values:
        if not kept or value - kept[-1] >= least:
            kept.append(value)
    axis.set_major_locator(FixedLocator(kept))
    axis.set_minor_locator(NullLocator())
