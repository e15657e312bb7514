# SPDX-License-Identifier: Apache-2.0
"""Reads and writes single files; whatever is wrong with one becomes a UserError that names it."""
import csv
import io
import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd

from prune import file_list, partial
from prune.errors import UserError

SCHEMA_VERSION = 1


def read_text(path, remedy):
    """The text of `path`, or UserError that ends with `remedy` (what to do)."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError.at(path, f"no such file; {remedy}") from None
    except UnicodeDecodeError:
        raise UserError.at(path, f"is not UTF-8 text; {remedy}") from None
    except OSError as error:
        raise UserError.at(path, f"cannot be read ({error.strerror}); {remedy}") from None


def read_json(path, remedy):
    """The JSON object of `path`, whose schema_version must be known; numbers that are not finite are refused."""
    text = read_text(path, remedy)
    if not text.strip("\ufeff \t\r\n"):
        raise UserError.at(f"{path}:1:1", f"the file is empty; {remedy}")
    try:
        value = json.loads(text, parse_constant=_not_finite)
    except RecursionError:
        raise UserError.at(path, f"is nested too deeply; {remedy}") from None
    except json.JSONDecodeError as error:
        raise UserError.at(f"{path}:{error.lineno}:{error.colno}", f"is not JSON ({error}); {remedy}") from None
    except ValueError as error:
        reason = error if isinstance(error, _NotFinite) else "a number has too many digits"
        raise UserError.at(path, f"is not JSON ({reason}); {remedy}") from None
    if not isinstance(value, dict):
        raise UserError.at(f"{path}:1:1", f"holds no JSON object; {remedy}")
    if value.get("schema_version") != SCHEMA_VERSION:
        raise UserError.at(
            path,
            f"schema_version is {value.get('schema_version')!r}, this version reads "
            f"{SCHEMA_VERSION}; use the version of squeezebar that wrote it, or {remedy}"
        )
    return value


def check_schema(path, value, schema, remedy):
    """Raises UserError if `value`, read from `path`, is not as the JSON Schema in the file `schema` of this package
    says."""
    rules = json.loads(Path(__file__).with_name(schema).read_text(encoding="utf-8"))
    error = jsonschema.exceptions.best_match(jsonschema.Draft7Validator(rules).iter_errors(value))
    if error:
        place = ".".join(str(part) for part in error.absolute_path)
        raise UserError.at(path, f"{place + ': ' if place else ''}{_shortened(error.message)}; {remedy}")


def _shortened(text, most=200):
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}..."


class _NotFinite(ValueError):
    """A number that JSON does not have."""


def _not_finite(name):
    raise _NotFinite(f"{name} is no number of JSON")


def read_csv(path, texts, remedy):
    """The table of `path`: columns `texts` as str, all others as numbers, NaN where a cell is empty.

    Raises UserError for a file that is cut off, has a row of another length, lacks one of `texts` or has something
    else than a finite number in another column.
    """
    rows = list(csv.reader(io.StringIO(_complete_text(path, remedy), newline="")))
    header = checked_header(path, rows[0], texts, remedy)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise UserError(f"{path}:{number}: {len(row)} cells below {len(header)} columns; {remedy}")
    table = pd.DataFrame(rows[1:], columns=header, dtype=str)
    for name in header:
        if name not in texts:
            table[name] = numbers(table[name].replace("", np.nan), path, remedy)
    return table


def _complete_text(path, remedy):
    text = read_text(path, remedy)
    if not text.strip():
        raise UserError.at(path, f"is empty; {remedy}")
    if not text.endswith("\n"):
        raise UserError.at(path, f"is cut off in its last line; {remedy}")
    return text


def checked_header(path, header, needed, remedy):
    """`header`, when its names differ from each other and the `needed` ones are there; else UserError."""
    missing = [name for name in needed if name not in header]
    if missing:
        raise UserError.at(path, f"lacks the column {missing[0]!r}; {remedy}")
    if len(set(header)) != len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise UserError.at(path, f"has two columns {twice!r}; {remedy}")
    return header


def numbers(column, path, remedy):
    """A column as float64, or as int64 when every cell is a whole number; UserError for anything else."""
    try:
        values = column.astype(float)  # to the last bit, which pandas.to_numeric is not
    except (ValueError, TypeError):
        wrong = next(cell for cell in column if not _is_number(cell))
        raise UserError.at(path, f"column {column.name!r} holds {_shortened(repr(wrong))}, which is no number; {remedy}") from None
    if np.isinf(values).any():
        raise UserError.at(path, f"column {column.name!r} holds a number that is not finite; {remedy}")
    whole = (values == values.round()) & (values.abs() < 2**53)
    return values.astype(np.int64) if whole.all() else values


def _is_number(cell):
    try:
        float(cell)
    except (ValueError, TypeError):
        return False
    return True


def write_text(path, text):
    """Writes `path` in one step, so that no reader meets half a file; UserError when that is not possible."""
    path = Path(path)
    if path.is_dir():
        raise UserError.at(path, "is a folder; name a file with -o")
    try:
        with partial.new_file(path) as temporary:
            temporary.write_bytes(text.encode())
    except OSError as error:
        raise UserError.at(path, f"cannot be written ({error.strerror}); choose another file with -o") from None


def check_listed(folder, names, remedy):
    """Raises UserError if one of the files is not as the run wrote it; a folder of a version that wrote no list of them
    is taken as it is."""
    known = file_list.read(folder)
    if known is None and (Path(folder) / file_list.LIST).exists():
        raise UserError.at(Path(folder) / file_list.LIST, f"does not read; {remedy}")
    for name in names:
        path = Path(folder) / name
        if known is not None and known[1].get(name) != file_list.digest_of(path):
            raise UserError.at(path, f"is not the file that was written ({file_list.LIST}); {remedy}")


def enter(path, folder):
    """Enters a file in the list of the run's folder that it was written into."""
    path, folder = Path(path).resolve(), Path(folder).resolve()
    if path.is_relative_to(folder):
        name = path.relative_to(folder).as_posix()
        try:
            file_list.enter(folder, name, file_list.digest_of(path))
        except OSError as error:
            raise UserError.at(folder / file_list.LIST, f"cannot be written ({error.strerror})") from None
