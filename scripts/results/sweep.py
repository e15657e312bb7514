# SPDX-License-Identifier: Apache-2.0
"""The folder of a sweep: one table with a row for each point, and what its columns are."""
import csv
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from prune.errors import UserError
from results.files import check_schema, checked_header, numbers, read_json

_REMEDY = "give the folder of a sweep (`squeezebar sweep`), or run the sweep again: it goes on where it stopped"
_TEXTS = ("id", "status", "reason", "run")
_STATES = ("done", "failed", "unfit", "missing")
_LONGEST_ROW = 1 << 20  # bytes from the end of table.csv in which its last row is looked for
ADC_MODELS = "energy_by_adc_model_j."  # begins the columns that hold the energy under another ADC cost model


@dataclasses.dataclass(frozen=True)
class Column:
    """What a column of table.csv is: `role` is point, axis, status or metric, `unit` "" for plain numbers and names,
    `description` a sentence, `keys` the keys of the config that an axis sets, `text` whether a metric is no number."""

    name: str
    role: str
    unit: str = ""
    description: str = ""
    keys: tuple = ()
    text: bool = False


@dataclasses.dataclass(frozen=True)
class Sweep:
    """One sweep. `table` has a row for each point in the order of table.csv: axes as numbers where all their values
    are, else as text; metrics as float64, NaN where not known. `about` is table.json, `columns` name -> Column."""

    folder: Path
    about: dict
    table: pd.DataFrame
    columns: dict

    @property
    def axes(self):
        return self._of_role("axis")

    @property
    def metrics(self):
        """Names of the metrics that are numbers, without those of other ADC models (`adc_models`)."""
        return [
            name for name in self._of_role("metric") if not name.startswith(ADC_MODELS) and not self.columns[name].text
        ]

    @property
    def facts(self):
        """Names of the metrics that are texts: names of models, for example."""
        return [name for name in self._of_role("metric") if self.columns[name].text]

    @property
    def adc_models(self):
        """Name of an ADC cost model -> the column that holds `energy_j` under it."""
        return {name[len(ADC_MODELS) :]: name for name in self.columns if name.startswith(ADC_MODELS)}

    @property
    def done(self):
        """The rows of `table` whose point was simulated."""
        return self.table[self.table["status"] == "done"]

    def unit(self, name):
        return self.columns[name].unit

    def _of_role(self, role):
        return [column.name for column in self.columns.values() if column.role == role]


def is_sweep(folder):
    return (Path(folder) / "table.json").exists() or (Path(folder) / "table.csv").exists()


def load_sweep(folder):
    """Sweep of a folder; UserError if one of its files is missing, cut off or malformed."""
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError.at(folder, f"no such folder; {_REMEDY}")
    about = read_json(folder / "table.json", _REMEDY)
    check_schema(folder / "table.json", about, "table.schema.json", _REMEDY)
    columns = _columns(folder / "table.json", about)
    table = _table(folder / "table.csv", columns)
    if about["points"] != len(table):
        raise UserError.at(folder / 'table.csv', f"{len(table)} points, table.json has {about['points']}; {_REMEDY}")
    return Sweep(folder, about, table, columns)


def _columns(path, about):
    columns = {}
    for entry in about["columns"]:
        column = Column(
            entry["name"],
            entry["role"],
            entry.get("unit", ""),
            entry.get("description", ""),
            tuple(entry.get("keys", ())),
            entry["role"] == "metric" and entry.get("type") == "text",
        )
        if column.name not in columns:
            columns[column.name] = column
        elif not _repeats_axis(columns, column):
            raise UserError.at(path, f"two columns {column.name!r}; {_REMEDY}")
    return columns


def _repeats_axis(columns, column):
    """Whether a metric has the name of an axis before it (`workload`), which then stands for both."""
    return column.role == "metric" and columns[column.name].role == "axis"


def _table(path, columns):
    """table.csv with typed columns. The last row is checked for its length: a copy that was cut off ends there."""
    every = _header(path)
    first = [place for place, name in enumerate(every) if name not in every[:place]]
    header = [every[place] for place in first]
    checked_header(path, header, [*_TEXTS, "point", *columns], _REMEDY)
    stray = [name for name in header if name not in columns and name not in (*_TEXTS, "point")]
    if stray:
        raise UserError.at(path, f"table.json does not tell what the column {stray[0]!r} is; {_REMEDY}")
    axes = {name for name, column in columns.items() if column.role == "axis"}
    facts = {name for name, column in columns.items() if column.text}
    texts = [name for name in header if name in _TEXTS or name in axes or name in facts]
    measured = [name for name in header if name not in texts]
    _check_lengths(path, every)
    try:
        table = pd.read_csv(
            path,
            dtype={name: str for name in texts},
            keep_default_na=False,
            index_col=False,
            usecols=first,
            na_values={name: [""] for name in measured},
            low_memory=False,
            float_precision="round_trip",
        )
    except OSError as error:
        raise UserError.at(path, f"cannot be read ({error.strerror}); {_REMEDY}") from None
    except ValueError:  # pandas' other errors are ValueErrors
        raise UserError.at(path, f"is no table of comma-separated values; {_REMEDY}") from None
    _check_states(path, table)
    typed = {name: numbers(table[name], path, _REMEDY).astype(float) for name in measured if name != "point"}
    typed |= {name: _axis(table[name]) for name in axes}
    return table.assign(**typed)


def _check_lengths(path, header):
    """pandas would drop the end of a row that is too long, and fill up one that is too short."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            for number, row in enumerate(csv.reader(file), start=1):
                if len(row) != len(header):
                    raise UserError.at(path, f"row {number} has {len(row)} cells below {len(header)} columns; {_REMEDY}")
    except OSError as error:
        raise UserError.at(path, f"cannot be read ({error.strerror}); {_REMEDY}") from None
    except (ValueError, csv.Error):
        raise UserError.at(path, f"is no table of UTF-8 text; {_REMEDY}") from None


def _header(path):
    """Names of the columns; UserError if the file is absent or its last row is not whole."""
    try:
        with open(path, "rb") as file:
            first = file.readline().decode("utf-8")
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _LONGEST_ROW))
            end = file.read().decode("utf-8", errors="replace")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        raise UserError.at(path, f"cannot be read ({reason}); {_REMEDY}") from None
    if not first.strip():
        raise UserError.at(path, f"is empty; {_REMEDY}")
    header = next(csv.reader([first]))
    last = next(csv.reader([end.rstrip("\n").rpartition("\n")[2]]))
    if not end.endswith("\n") or len(last) != len(header):
        raise UserError.at(path, f"is cut off in its last line; {_REMEDY}")
    return header


def _check_states(path, table):
    unknown = table.loc[~table["status"].isin(_STATES), "status"]
    if len(unknown):
        raise UserError(
            f"{path}:{unknown.index[0] + 2}: status is {unknown.iloc[0]!r}, not one of "
            f"{', '.join(_STATES)}; {_REMEDY}"
        )


def _axis(column):
    """Values of an axis as numbers if all of them are finite numbers, else as the text that they are."""
    try:
        values = column.astype(float)
    except ValueError:
        return column
    return values if np.isfinite(values).all() else column
