# SPDX-License-Identifier: Apache-2.0
"""What a run folder says, figure by figure, and how two such contents differ.

Contents are a map from the name of a figure to its value: `summary.energy_by_component_j.adc`, `layers[conv1].waves`,
`energy[adc,conv1,convert].count`, `outputs/fc.npy[3]` (SHA-256 of the codes of image 3). Rows of tables go by their
names, so their order does not matter.
"""
import csv
import hashlib
import json
import math
import re

import numpy as np

# What says how and by what a run was made, not what came out.
LEFT_OUT = {"config_hash", "tool_version", "program"}
KEYS_OF_ROWS = {"layers": ("layer",), "energy": ("component", "layer", "action")}
# Figures that come from prices, whose exponentials and logarithms two C libraries round differently.
PRICED = re.compile(r"energy|power|area|tops_per|adc_saving|_j\b|sqnr_db|index_memory")
TOLERANCE = 1e-12
ABSENT = "absent"


def plain(text):
    """A cell as the number that it is, else its text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def flat(name, value):
    """(name, value) of every leaf; an empty object or list is a leaf, too."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat(f"{name}.{key}", inner)
    else:
        yield name, value


def summary_figures(summary):
    for key, value in summary.items():
        if key not in LEFT_OUT:
            yield from flat(f"summary.{key}", value)


def table_figures(table, rows):
    keys = KEYS_OF_ROWS[table]
    for row in rows:
        name = f"{table}[{','.join(row[key] for key in keys)}]"
        for column, text in row.items():
            if column not in keys:
                yield f"{name}.{column}", plain(text)


def output_figures(folder):
    for file in sorted((folder / "outputs").glob("*.npy")):
        array = np.load(file)
        yield f"outputs/{file.name}.dtype", str(array.dtype)
        yield f"outputs/{file.name}.shape", list(array.shape[1:])
        for image, codes in enumerate(array):
            yield f"outputs/{file.name}[{image}]", hashlib.sha256(np.ascontiguousarray(codes).tobytes()).hexdigest()


def contents(folder):
    """The figures of a run folder."""
    figures = list(summary_figures(json.loads((folder / "summary.json").read_text())))
    for table in KEYS_OF_ROWS:
        with open(folder / f"{table}.csv", newline="") as file:
            figures += table_figures(table, csv.DictReader(file))
    figures += output_figures(folder)
    out = dict(figures)
    assert len(out) == len(figures), f"{folder}: two rows of a table have the same name"
    return out


def without_outputs(figures):
    return {name: value for name, value in figures.items() if not name.startswith("outputs/")}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def equal(name, one, other, exact):
    """Whether a figure has two times the same value; `exact`: on the system that stored it."""
    if one == other and isinstance(one, bool) == isinstance(other, bool):
        return True
    if exact or not (PRICED.search(name) and is_number(one) and is_number(other)):
        return False
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=0.0)


def differences(stored, found, exact=True):
    """{name: (stored, found)} of what changed or vanished. New figures are no difference."""
    return {name: (value, found.get(name, ABSENT)) for name, value in stored.items()
            if name not in found or not equal(name, value, found[name], exact)}


def root_of(figure):
    """The word under which a changelog speaks of a figure: its key of the summary, its column, its component."""
    table = re.match(r"(\w+)\[(.*)\]\.(\w+)$", figure)
    if table:
        return table[2].split(",")[0] if table[1] == "energy" else table[3]
    return re.match(r"(?:summary\.)?(\w+)", figure)[1]
