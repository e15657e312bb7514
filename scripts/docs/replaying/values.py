# SPDX-License-Identifier: Apache-2.0
"""Where figures come from: the folders and files that commands wrote, and what they printed, by names for expressions."""
import csv
import json
import re

import yaml

from .numbers import figures_in


class Record(dict):
    """A dictionary whose entries are attributes, too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no '{name}', but {', '.join(map(str, self))}") from None


def as_records(value):
    if isinstance(value, dict):
        return Record({key: as_records(entry) for key, entry in value.items()})
    if isinstance(value, list):
        return [as_records(entry) for entry in value]
    return value


def number_or_text(text):
    try:
        return float(text)
    except ValueError:
        return text


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [Record({name: number_or_text(text) for name, text in row.items()}) for row in csv.DictReader(file)]


def read_run(folder):
    """summary.json of a run, with `layers` by name, `energy` (the rows of energy.csv) and `host`."""
    record = as_records(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    record["layers"] = Record({row.layer: row for row in read_csv(folder / "layers.csv")})
    record["energy"] = read_csv(folder / "energy.csv")
    record["host"] = as_records(json.loads((folder / "host.json").read_text(encoding="utf-8")))
    return record


class Names:
    """What an expression may use, for the files under `root` and the output of the last command."""

    def __init__(self, root, output):
        self.root = root
        self.output = output

    def of(self, path):
        """A run folder, a JSON or YAML file or the rows of a CSV file."""
        file = self.root / path
        if file.suffix == ".yaml":
            return as_records(yaml.safe_load(file.read_text(encoding="utf-8")))
        if file.suffix == ".csv":
            return read_csv(file)
        return as_records(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else read_run(file)

    def rows(self, path, *conditions):
        """Rows of a CSV file that hold all of `column=value`."""
        pairs = [condition.split("=", 1) for condition in conditions]
        return [row for row in self.of(path) if all(row[column] == number_or_text(value) for column, value in pairs)]

    def row(self, path, *conditions):
        found = self.rows(path, *conditions)
        if len(found) != 1:
            raise LookupError(f"{path} has {len(found)} rows with {', '.join(conditions)}, not one")
        return found[0]

    def printed(self, pattern):
        """The first figure after a text of the output."""
        match = re.search(pattern, self.output)
        if not match:
            raise LookupError(f"the command did not print '{pattern}'")
        return figures_in(self.output[match.end():])[0].value

    def size(self, path):
        return (self.root / path).stat().st_size

    def evaluate(self, expression, source):
        """Values of expressions, separated by semicolons, each one value or a list; names are those of `source` when one is given."""
        names = {"of": self.of, "row": self.row, "rows": self.rows, "size": self.size, "printed": self.printed, "output": self.output,
                 "mean": lambda values: sum(values) / len(values)}
        if source:
            found = self.of(source)
            names |= found if isinstance(found, dict) else {"all": found}
        values = [eval(part.strip(), names) for part in expression.split(";")]  # pylint: disable=eval-used  # the page is ours
        return [value for entry in values for value in (entry if isinstance(entry, list) else [entry])]
