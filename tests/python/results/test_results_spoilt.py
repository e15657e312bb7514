# SPDX-License-Identifier: Apache-2.0
"""Every key of the JSON files and every column of the tables lost or of another type: a report or a UserError, nothing else."""
import json
import shutil

import pytest

import results
from prune import file_list
from prune.errors import UserError
from results import run_facts
from results.sections import sections_of
from results.sweep_page import sweep_page

FEW_OR_ALL = pytest.mark.parametrize("most", [40, pytest.param(400, marks=pytest.mark.slow)])
SPOILT = (None, "x", [], {}, -1, True, 0.5)


def spoilt(value, path=()):
    """(path, value) for every key of nested objects replaced by each of SPOILT, and lost."""
    for key in value:
        for other in SPOILT:
            yield (*path, key), value | {key: other}
        yield (*path, key), {name: entry for name, entry in value.items() if name != key}
        if isinstance(value[key], dict):
            for place, inner in spoilt(value[key], (*path, key)):
                yield place, value | {key: inner}


def report_of(folder):
    """All that the page of a run shows, but for Plotly itself; None if the run is refused. Its list of files tells nothing."""
    listed = {name: file_list.digest_of(folder / name) for name in file_list.files_in(folder)}
    file_list.write(folder, "results", listed)
    try:
        run = results.load_run(folder)
    except UserError as error:
        assert str(folder) in str(error)
        return None
    return sections_of(run), run_facts.cards(run), run_facts.notes(run), run_facts.verdict(run)


@FEW_OR_ALL
def test_spoilt_summary_gives_a_report_or_an_error(most, broken_run):
    path = broken_run / "summary.json"
    summary = json.loads(path.read_text())
    cases = list(spoilt(summary))
    outcomes = []
    for place, value in cases[:: max(1, len(cases) // most)]:
        path.write_text(json.dumps(value))
        try:
            outcomes.append(report_of(broken_run) is None)
        except Exception as error:
            raise AssertionError(f"{'.'.join(place)}: {value.get(place[0], 'lost')!r}") from error
    assert any(outcomes) and not all(outcomes)


@FEW_OR_ALL
@pytest.mark.parametrize("name", ["layers.csv", "energy.csv"])
def test_lost_columns_give_a_report_or_an_error(name, most, broken_run):
    path = broken_run / name
    rows = [line.split(",") for line in path.read_text().splitlines()]
    for place in range(0, len(rows[0]), max(1, len(rows[0]) * 3 // most)):
        path.write_text("".join(",".join(row[:place] + row[place + 1 :]) + "\n" for row in rows))
        report_of(broken_run)


@FEW_OR_ALL
def test_spoilt_description_of_a_sweep_gives_a_report_or_an_error(most, sweep_folder, tmp_path):
    folder = shutil.copytree(sweep_folder, tmp_path / "s")
    path = folder / "table.json"
    about = json.loads(path.read_text())
    outcomes = []
    cases = list(spoilt(about))
    for _, value in cases[:: max(1, len(cases) // most)]:
        path.write_text(json.dumps(value))
        try:
            outcomes.append(bool(sweep_page(results.load_sweep(folder))))
        except UserError as error:
            outcomes.append(False)
            assert str(path) in str(error) or "table.csv" in str(error)
    assert any(outcomes) and not all(outcomes)
