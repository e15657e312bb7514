# SPDX-License-Identifier: Apache-2.0
"""The points of a sweep as columns for the page's script, each value once and in few bytes.

A column with few different values is a list of them and a code for each point, one of many numbers is doubles, and one of
many texts a list. Bytes stand in base64, least significant first.
"""
import base64

import numpy as np
import pandas as pd

from results import choice, units

MOST_BYTES = 24_000_000  # of all metrics of a page; the rest is in table.csv
_MOST_CODES = 65536


def columns(sweep):
    """(columns of the page, names of metrics left out because they would make the page too large)."""
    table = sweep.table
    found = [_described(sweep, name) | _encoded(table[name], ordered=True) for name in sweep.axes]
    found += [
        {"name": name, "role": "status"} | _encoded(table[name], ordered=False)
        for name in ("status", "reason", "run", "id")
    ]
    found.append({"name": "point", "role": "point"} | _encoded(table["point"], ordered=False))
    size, left_out = 0, []
    varying = choice.varying(sweep)
    constant = [name for name in sweep.metrics if name not in varying and sweep.done[name].notna().any()]
    for name in [
        *varying[: len(choice.MAIN)],
        *sweep.adc_models.values(),
        *varying[len(choice.MAIN) :],
        *constant,
        *sweep.facts,
    ]:
        column = _described(sweep, name) | _encoded(table[name], ordered=False)
        size += _bytes_of(column)
        if size > MOST_BYTES:
            left_out.append(name)
        else:
            found.append(column | {"varies": name in varying})
    return found, left_out


def _described(sweep, name):
    column = sweep.columns[name]
    return {
        "name": name,
        "role": column.role,
        "label": units.words(name),
        "unit": units.unit_of(name, column.unit),
        "fraction": units.is_fraction(name) and column.role == "metric",
        "more": choice.more_is_better(name),
        "description": column.description,
    }


def _encoded(column, ordered):
    """The values of a column: {"levels", "codes"} (`ordered`: numeric levels rise), {"doubles"} or {"texts"}."""
    codes, levels = pd.factorize(column, sort=ordered and column.dtype != object)
    if len(levels) < _MOST_CODES and 2 * len(column) + 8 * len(levels) < 8 * len(column) + 64:
        width = np.uint8 if len(levels) < 256 else np.dtype("<u2")
        missing = len(levels)  # the code of a cell that is not known; JavaScript reads beyond the levels
        return {
            "levels": [_plain(value) for value in levels],
            "bits": 8 if len(levels) < 256 else 16,
            "codes": _base64(np.where(codes < 0, missing, codes).astype(width)),
        }
    if column.dtype == object:
        return {"texts": list(column)}
    return {"doubles": _base64(column.to_numpy(dtype="<f8"))}


def _plain(value):
    """A NumPy value as a Python one; whole numbers without a decimal point."""
    if isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _base64(array):
    return base64.b64encode(array.tobytes()).decode("ascii")


def _bytes_of(column):
    return len(column.get("codes", "")) + len(column.get("doubles", "")) + 20 * len(column.get("levels", ()))
