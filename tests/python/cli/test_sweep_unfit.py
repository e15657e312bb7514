# SPDX-License-Identifier: Apache-2.0
"""Points that do not fit are results of a sweep: rows with their reason, not the end of it."""
import json
import sqlite3

import pytest

from cli_sweeps import column, rows, tables
from cli_sweeps import sweep


@pytest.fixture
def tight(short, tmp_path):
    """Four points, of which those of one tile have no room for the network."""
    path = tmp_path / "tight.yaml"
    path.write_text(f"version: 1\nbase: {short.name}\nset: {{run.images: 2}}\naxes:\n  chip.tiles: [1, 64]\n  adc.bits: [4, 5]\n")
    return path


def test_points_that_do_not_fit_are_rows_with_their_reason(squeezebar, tight, tmp_path):
    result = sweep(squeezebar, tight, "-o", tmp_path / "out")
    assert column(tmp_path / "out", "status") == ["unfit", "unfit", "done", "done"]
    assert all("tiles" in row["reason"] and not row["energy_j"] for row in rows(tmp_path / "out")[:2])
    assert "2 of 4 points are unfit" in result.stderr and "2 of 4 points done, 2 unfit" in result.stdout
    assert json.loads((tmp_path / "out" / "table.json").read_text())["unfit"] == 2
    with sqlite3.connect(tmp_path / "out" / "table.sqlite") as database:
        assert database.execute("SELECT count(*) FROM points WHERE status = 'unfit'").fetchone() == (2,)


def test_status_merge_and_shards_know_them(squeezebar, tight, tmp_path):
    sweep(squeezebar, tight, "-o", tmp_path / "out")
    before = tables(tmp_path / "out")
    status = json.loads(squeezebar("sweep", "status", tmp_path / "out", "--json").stdout)
    assert (status["done"], status["failed"], status["unfit"], status["missing"]) == (2, 0, 2, 0)
    assert [one["point"] for one in status["unfit_points"]] == [1, 2] and not status["failures"]
    sweep(squeezebar, tmp_path / "out", "--shard", "1/2", "--fresh")
    sweep(squeezebar, "merge", tmp_path / "out")
    assert tables(tmp_path / "out") == before


def test_the_plan_counts_and_names_them(squeezebar, tight):
    plan = sweep(squeezebar, "plan", tight).stdout
    assert "to compute: 2" in plan and "unfit, rows without results: 2" in plan and "point 1 (chip.tiles=1, adc.bits=4): " in plan


def test_strict_refuses_the_whole_sweep(squeezebar, tight, tmp_path):
    refused = sweep(squeezebar, tight, "-o", tmp_path / "out", "--strict", code=2)
    assert "[point 1 (chip.tiles=1, adc.bits=4) and 1 more]" in refused.stderr
    assert not (tmp_path / "out").exists()
    sweep(squeezebar, tight, "-o", tmp_path / "out")
    assert "is unfit" in sweep(squeezebar, tmp_path / "out", "--strict", code=2).stderr


@pytest.mark.parametrize("old, new, said", [
    ("[1, 64]", "[1, 2x]", "chip.tiles"),
    ("[1, 64]", "[1, -5]", "chip.tiles"),
    ("chip.tiles", "chip.tilez", "did you mean 'tiles'"),
    ("run.images: 2", "run.imagez: 2", "did you mean 'images'"),
    ("run.images: 2", "workload.bundle: nowhere", "nowhere"),
    ("[1, 64]", "[1]", "every point is unfit (2 of 2)"),
])
def test_what_is_wrong_with_the_spec_refuses_the_whole_sweep(squeezebar, tight, tmp_path, old, new, said):
    tight.write_text(tight.read_text().replace(old, new))
    assert said in sweep(squeezebar, tight, "-o", tmp_path / "out", code=2).stderr
    assert not (tmp_path / "out").exists()


def test_the_page_shows_them(squeezebar, tight, tmp_path):
    result = squeezebar("sweep", tight, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "2 unfit" in (tmp_path / "out" / "report.html").read_text()
