# SPDX-License-Identifier: Apache-2.0
"""Tables for other programs."""
import importlib.util
import sqlite3
import types

import pandas as pd

import results
from results.cli import main
from results.commands import export
from results.formats import FORMATS, Format


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


def exported(table, path, monkeypatch, name="sqlite"):
    """Exit code of the export of a table."""
    monkeypatch.setattr(export, "load_sweep", lambda _: types.SimpleNamespace(table=table, columns={}))
    return main(["export", "sweep", "--format", name, "-o", str(path)])


def test_what_a_format_cannot_hold_is_told_in_one_sentence(tmp_path, capsys, monkeypatch):
    wide = pd.DataFrame([[1] * 40000], columns=[f"c{number}" for number in range(40000)])
    for table, reason in ((wide, "too many"), (pd.DataFrame({"a": [[1, 2]]}), "type")):
        assert exported(table, tmp_path / "x.db", monkeypatch) == 2
        text = capsys.readouterr().err
        assert text.startswith(f"{tmp_path / 'x.db'}: error: cannot be written (") and reason in text
        assert text.count("\n") == 1 and len(text) < 300 and "sql '" not in text
        assert not (tmp_path / "x.db").exists()


def test_errors_of_a_format_are_told_in_one_sentence(tmp_path, capsys, monkeypatch):
    def refuse(*_):
        raise ValueError("ArrowInvalid:\n  a paragraph")

    monkeypatch.setattr(FORMATS, "get", lambda _: Format(".x", "", refuse))
    assert exported(pd.DataFrame(), tmp_path / "x", monkeypatch, "x") == 2
    assert "cannot be written (the format does not take this table); " in capsys.readouterr().err
