# SPDX-License-Identifier: Apache-2.0
"""Disks that take no more: one exit code and one wording, nothing half-written, and no point of a sweep that failed for it."""
import re
import shutil
import subprocess

import pytest

from cli_sweeps import leftovers, limit_files, results, rows, sweep, tables

SMALL_FILE = 20_000  # bytes: a plan, but not the page of a run
SMALL_DISK = "320k"  # two of six points
FIRST_POINT = "point 1 (adc.bits=3, chip.clock=1 GHz)"


def test_a_place_that_takes_no_more_stops_the_sweep_and_names_the_point(squeezebar, spec, calm, tmp_path):
    done = tmp_path / "done.yaml"
    done.write_text(spec.read_text().replace("[3, 4, 5]", "[5]"))
    sweep(squeezebar, done, "-o", tmp_path / "done")
    stopped = sweep(squeezebar, spec, "-o", tmp_path / "out", "-j", "1", code=2, preexec_fn=limit_files(SMALL_FILE))
    assert f"error: {FIRST_POINT}: " in stopped.stderr and ": cannot be written: " in stopped.stderr and "File too large" in stopped.stderr
    assert "the same command goes on" in stopped.stderr
    assert len(results(tmp_path / "points")) == 2 and leftovers(tmp_path / "points") == []
    assert "2 of 6 points done, 4 not computed yet" in sweep(squeezebar, "status", tmp_path / "out").stdout
    assert "4 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert tables(tmp_path / "out") == calm(spec)


def on_small_disk(disk, size, script, *command):
    """What a script says that runs a command beside a file system of its own."""
    disk.mkdir()
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o size={size} none {disk}"
    if not shutil.which("unshare") or subprocess.run([*alone, mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk: mounting needs root, or user namespaces")
    script = [*alone, f"{mount}\n{script}", "sh", *command]
    return subprocess.run(script, capture_output=True, text=True, timeout=60, check=False).stdout


def test_a_full_disk_loses_nothing(squeezebar_binary, spec, calm, tmp_path):
    disk = tmp_path / "disk"
    script = f"""
    "$@" 2>&1; echo "exit code $?"; ls -A {disk}/points/*; echo end of full
    mount -o remount,size=64m {disk}
    "$@" 2>&1; echo "exit code $?"; ls -A {disk}/points/*
    cp -r {disk}/out {tmp_path}/out
    """
    command = [squeezebar_binary, "sweep", spec, "-o", disk / "out", "-j", "1", "--no-report"]
    full, freed = on_small_disk(disk, SMALL_DISK, script, *command).split("end of full")
    assert "exit code 2" in full and "(adc.bits=4, chip.clock=1 GHz): " in full and ": cannot be written: " in full
    assert ".partial" not in full.split("exit code 2")[1]
    assert "4 of 6 points to compute" in freed and "exit code 0" in freed
    assert tables(tmp_path / "out") == calm(spec)


@pytest.fixture
def timed_spec(short, tmp_path):
    """Three points of other times, the first of which keeps more values than a small disk holds."""
    short.write_text(short.read_text().replace("images: 8, outputs: true", "images: 400"))
    path = tmp_path / "timed.yaml"
    path.write_text(f"version: 1\nbase: {short.name}\naxes:\n  chip.clock: [1 GHz, 500 MHz, 250 MHz]\n")
    return path


@pytest.mark.parametrize("size", ["16k", "64k"])
def test_a_disk_that_is_full_of_values_fails_no_point(squeezebar_binary, timed_spec, calm, tmp_path, size):
    disk = tmp_path / "disk"
    script = f"""
    "$@" 2>&1; echo "exit code $?"; find {disk} -name "*.partial"; echo end of full
    mount -o remount,size=64m {disk}
    "$@" 2>&1; echo "exit code $?"
    """
    command = [squeezebar_binary, "sweep", timed_spec, "-o", tmp_path / "out", "--store", disk / "points", "-j", "1", "--no-report"]
    full, freed = on_small_disk(disk, size, script, *command).split("end of full")
    assert "exit code 2" in full and "/values.bin: cannot be written: No space left on device; the same command goes on" in full
    assert ".partial" not in full and not (tmp_path / "out" / "failed").exists()
    assert "3 of 3 points to compute" in freed and "exit code 0" in freed
    figures = [{key: row[key] for key in ("status", "energy_j", "latency_s")} for row in rows(tmp_path / "out")]
    calm(timed_spec)
    assert figures == [{key: row[key] for key in figures[0]} for row in rows(tmp_path / "calm" / "timed" / "out")]


FULL = {
    "the values": (["run", "timed", "--keep-values", "1GB"], "values.bin"),
    "the page": (["run", "short"], "report.html"),
    "a timeline": (["run", "short", "--set", "trace.timeline=true"], "trace.json"),
    "waveforms": (["run", "short", "--set", "trace.vcd=[conv1]"], "waves.vcd"),  # SystemC writes on without a word
    "a calibration": (["calibrate", "short"], "layer_0.npy"),
    "a sweep": (["sweep", "timed_spec", "--no-report"], "values.bin"),
    "a comparison": (["compare", "whole", "whole", "--html"], "out"),
}


@pytest.mark.parametrize("what", FULL)
def test_a_full_disk_has_one_exit_code_and_one_wording(squeezebar, short, timed_spec, tmp_path, what):
    words, name = FULL[what]
    files = {"short": short, "timed": short, "timed_spec": timed_spec, "whole": tmp_path / "whole"}
    if what == "a comparison":
        assert squeezebar("run", short, "--set", "run.images=1", "-o", tmp_path / "whole").returncode == 0
    output = [] if words[-1] == "--html" else ["-o"]
    before = sorted(path.name for path in tmp_path.iterdir())
    command = [files.get(word, word) for word in words]
    most = 300 if what == "a calibration" else 6_000
    result = squeezebar(*command, *output, tmp_path / "out", preexec_fn=limit_files(most))
    assert result.returncode == 2, result.stderr
    assert re.search(rf"{re.escape(str(tmp_path))}\S*{re.escape(name)}: (error: )?cannot be written: ", result.stderr)
    assert "File too large" in result.stderr or (what == "waveforms" and "the file system takes no more" in result.stderr)
    if what != "a sweep":
        assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("name, room", [("table.csv", -1), ("table.sqlite", 1)])
def test_tables_that_cannot_be_written_leave_those_of_before(squeezebar, spec, tmp_path, name, room):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    before = tables(tmp_path / "out")
    limit = limit_files(len(before["table.csv" if name == "table.csv" else "table.json"]) + room)
    assert name in sweep(squeezebar, spec, "-o", tmp_path / "out", code=2, preexec_fn=limit).stderr
    assert tables(tmp_path / "out") == before
    assert [path.name for path in (tmp_path / "out").iterdir() if "partial" in path.name] == []
