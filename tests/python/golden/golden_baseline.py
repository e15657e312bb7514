# SPDX-License-Identifier: Apache-2.0
"""The stored contents, a file for each case in tests/golden/baseline, and what the changelog says of changes."""
import json
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
BASELINE = REPOSITORY / "tests" / "golden" / "baseline"
CHANGELOG = REPOSITORY / "CHANGELOG.md"
SYSTEM_FILE = "system.json"
ROW = re.compile(r"((?:layers|energy)\[.*\])\.(\w+)$")


def this_system():
    """Distribution and version, e.g. `debian 12`."""
    release = Path("/etc/os-release")
    if not release.is_file():
        return "unknown"
    fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text(), re.M))
    return f"{fields.get('ID', 'unknown')} {fields.get('VERSION_ID', 'rolling')}"


def is_exact():
    """Whether this is the system that stored the baseline."""
    return json.loads((BASELINE / SYSTEM_FILE).read_text())["system"] == this_system()


def names():
    """Every stored case."""
    return {path.relative_to(BASELINE).with_suffix("").as_posix() for path in BASELINE.rglob("*.json")
            if path.name != SYSTEM_FILE}


def path_of(case):
    return BASELINE / f"{case}.json"


def load(case):
    """The stored figures of a case, none if it is not stored."""
    path = path_of(case)
    if not path.is_file():
        return {}
    figures = json.loads(path.read_text())
    out = figures.pop("figures")
    for row, cells in figures.pop("rows").items():
        out |= {f"{row}.{column}": value for column, value in zip(figures["columns"][row.split("[")[0]], cells)
                if value is not None}
    return out


def store(case, figures):
    """Writes the figures of a case, a line for each figure or row of a table."""
    single, rows, columns = {}, {}, {}
    for name, value in figures.items():
        cell = ROW.match(name)
        if cell is None:
            single[name] = value
            continue
        known = columns.setdefault(cell[1].split("[")[0], [])
        if cell[2] not in known:
            known.append(cell[2])
        rows.setdefault(cell[1], {})[cell[2]] = value
    cells = {row: [found.get(column) for column in columns[row.split("[")[0]]] for row, found in rows.items()}

    def lines(values):
        return ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in values.items())

    path = path_of(case)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{"figures": {{\n{lines(single)}\n}},\n"columns": {json.dumps(columns)},\n"rows": {{\n{lines(cells)}\n}}}}\n')


def store_system():
    BASELINE.mkdir(parents=True, exist_ok=True)
    (BASELINE / SYSTEM_FILE).write_text(json.dumps({"system": this_system()}) + "\n")


def results_changed(changelog=None):
    """The text of all sections "Results changed"."""
    text = CHANGELOG.read_text() if changelog is None else changelog
    return "\n".join(re.findall(r"^### Results changed\n(.*?)(?=^##|\Z)", text, re.M | re.S))


def is_listed(word, section):
    """Whether the section names a figure, as `word`, alone or as part of a longer name in code."""
    return any(word in re.split(r"[^\w]+", code) for code in re.findall(r"`([^`]+)`", section))
