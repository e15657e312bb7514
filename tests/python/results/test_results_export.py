# SPDX-License-Identifier: Apache-2.0
"""Tables for other programs."""
import importlib.util
import sqlite3

import pandas as pd

import results
from results.cli import main


def test_sqlite_has_every_value(sweep_folder, tmp_path, capsys):
    path = tmp_path / "points.db"
    for _ in range(2):  # the second time in place of the first
        assert main(["export", str(sweep_folder), "--format", "sqlite", "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n" * 2
    with sqlite3.connect(path) as base:
        table = pd.read_sql("SELECT * FROM points ORDER BY point", base)
        roles = dict(base.execute("SELECT name, role FROM columns"))
        best = base.execute('SELECT max(accuracy_top1) FROM points WHERE "adc.bits" = 8').fetchone()[0]
    sweep = results.load_sweep(sweep_folder)
    pd.testing.assert_frame_equal(table, sweep.table, check_dtype=False)
    assert roles["adc.bits"] == "axis" and roles["energy_j"] == "metric"
    assert best == sweep.done.loc[sweep.done["adc.bits"] == 8, "accuracy_top1"].max()


def test_parquet_is_written_or_refused_with_a_way_out(sweep_folder, tmp_path, capsys):
    path = tmp_path / "points.parquet"
    code = main(["export", str(sweep_folder), "--format", "parquet", "-o", str(path)])
    if importlib.util.find_spec("pyarrow"):
        assert code == 0
        pd.testing.assert_frame_equal(pd.read_parquet(path), results.load_sweep(sweep_folder).table, check_dtype=False)
    else:
        assert code == 2 and not path.exists()
        assert "pyarrow is not installed; install it, or use --format sqlite" in capsys.readouterr().err
