# SPDX-License-Identifier: Apache-2.0
"""`squeezebar list figures` names what the tables of sweeps have, and nothing else."""
import csv
import fnmatch
import json


def test_the_figures_are_the_columns_of_tables(squeezebar, repository, tmp_path):
    spec = tmp_path / "spec.yaml"
    base = repository / "configs" / "examples" / "digits_sme.yaml"
    spec.write_text(f"version: 1\nbase: {base}\nset: {{run.images: 2}}\naxes: {{adc.bits: [2, 6], run.function: [exact, values]}}\n")
    result = squeezebar("sweep", spec, "-o", tmp_path / "out", "--no-report")
    assert result.returncode == 0, result.stderr
    table = json.loads((tmp_path / "out" / "table.json").read_text())
    is_figure = {column["name"]: column.get("type", "number") == "number" for column in table["columns"] if column["role"] == "metric"}
    with open(tmp_path / "out" / "table.csv", newline="") as file:
        row = next(csv.DictReader(file))
    listed = json.loads(squeezebar("list", "figures", "--json").stdout)["figures"]
    unlisted = [name for name, is_number in is_figure.items() if is_number and row[name] and
                not any(fnmatch.fnmatchcase(name, figure) for figure in listed)]
    assert unlisted == []
    unknown = [figure for figure in listed if not fnmatch.filter(is_figure, figure)]
    assert unknown == [], "no table has them"
    assert "workload" not in listed and "calibration_hash" not in listed
