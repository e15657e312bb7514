# SPDX-License-Identifier: Apache-2.0
"""Sweeps: every point is checked before the first runs, finished points stay, and the table does not depend on who computed it."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from cli_sweeps import column, leftovers, results, rows, tables, wait_until
from cli_sweeps import run_sweep as sweep


def test_every_point_is_a_row_with_its_results(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert column(tmp_path / "out", "adc.bits") == ["3", "3", "4", "4", "5", "5"]
    assert column(tmp_path / "out", "chip.clock") == ["1 GHz", "500 MHz"] * 3
    assert set(column(tmp_path / "out", "status")) == {"done"}
    for row in rows(tmp_path / "out"):
        summary = json.loads((tmp_path / "out" / row["run"] / "summary.json").read_text())
        assert float(row["energy_j"]) == summary["energy_j"] and float(row["accuracy_top1"]) == summary["accuracy_top1"]
        assert (tmp_path / "out" / row["run"] / "report.html").is_file()


def test_off_a_terminal_progress_is_a_log(squeezebar, short, tmp_path):
    spec = tmp_path / "many.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\naxes:\n  chip.clock: {{from: 1 GHz, to: 2 GHz, points: 20}}\n")

    def lines(text):
        return [int(n) for n in re.findall(r"^(\d+) of 20 points \(\d+ %\), .* points/s", text, re.M)]

    computed = sweep(squeezebar, spec, "-o", tmp_path / "out", "--jobs", "1")
    assert lines(computed.stderr) == list(range(2, 21, 2))
    assert lines(sweep(squeezebar, spec, "-o", tmp_path / "out").stderr) == []
    for option in ("--quiet", "--json"):
        silent = sweep(squeezebar, spec, "-o", tmp_path / option, "--store", tmp_path / option / "points", option)
        assert silent.stderr == ""


def test_a_point_is_what_run_gives(squeezebar, spec, short, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    squeezebar("run", short, "--set", "adc.bits=4", "--set", "chip.clock=500 MHz", "-o", tmp_path / "run")
    point = tmp_path / "out" / rows(tmp_path / "out")[3]["run"]
    for name in ("summary.json", "layers.csv", "energy.csv"):
        assert (point / name).read_bytes() == (tmp_path / "run" / name).read_bytes()


def test_the_database_and_the_description_have_the_same_columns(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    about = json.loads((tmp_path / "out" / "table.json").read_text())
    with sqlite3.connect(tmp_path / "out" / "table.sqlite") as database:
        cursor = database.execute("SELECT * FROM points")
        assert [one[0] for one in cursor.description] == [one["name"] for one in about["columns"]] == list(rows(tmp_path / "out")[0])
        assert len(cursor.fetchall()) == 6
    units = {one["name"]: one["unit"] for one in about["columns"]}
    assert (units["energy_j"], units["latency_s"], units["area_mm2"], units["images"]) == ("J", "s", "mm2", "")


def test_finished_points_are_not_computed_again(squeezebar, spec, tmp_path):
    assert "6 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    table = (tmp_path / "out" / "table.csv").read_bytes()
    assert "0 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert "6 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out", "--fresh").stderr
    assert (tmp_path / "out" / "table.csv").read_bytes() == table


def test_sweeps_share_their_points(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    other = tmp_path / "other.yaml"
    other.write_text(spec.read_text().replace("[3, 4, 5]", "[4, 6]"))
    assert "2 of 4 points to compute" in sweep(squeezebar, other, "-o", tmp_path / "other").stderr


@pytest.mark.parametrize("damage", [lambda run: (run / "summary.json").write_text("{"), lambda run: (run / "layers.csv").unlink()])
def test_a_damaged_point_is_computed_again(squeezebar, spec, tmp_path, damage):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    table = (tmp_path / "out" / "table.csv").read_bytes()
    damage(tmp_path / "out" / rows(tmp_path / "out")[2]["run"])
    assert "5 of 6 points done, 1 not computed yet" in sweep(squeezebar, "status", tmp_path / "out").stdout
    assert "1 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert (tmp_path / "out" / "table.csv").read_bytes() == table


def test_shards_make_the_same_table(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "whole" / "out")
    printed = sweep(squeezebar, spec, "-o", tmp_path / "parts" / "out", "--engine", "print", "--engine-set", "shards=4").stdout
    assert [line.split()[-1] for line in printed.splitlines()] == ["1/4", "2/4", "3/4", "4/4"]
    for line in printed.splitlines():
        words = line.split()
        assert words[:2] == ["squeezebar", "sweep"]
        sweep(squeezebar, *words[2:])
    sweep(squeezebar, "merge", tmp_path / "parts" / "out")
    assert tables(tmp_path / "parts" / "out") == tables(tmp_path / "whole" / "out")


def test_a_value_that_one_point_rejects_is_told_with_the_point(squeezebar, spec, tmp_path):
    spec.write_text(spec.read_text().replace("[3, 4, 5]", "[3, 4, 99]"))
    result = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    assert f"{spec}:4:20: error: adc.bits: " in result.stderr
    assert "[point 5 (adc.bits=99, chip.clock=1 GHz) and 1 more]" in result.stderr
    assert not (tmp_path / "out").exists() and not (tmp_path / "points").exists()


def test_every_fault_of_a_spec_is_told_at_once(squeezebar, spec, tmp_path):
    spec.write_text("version: 1\nbase: short.yaml\naxes: {adc.bitz: [4], chip.clock: [fast]}\n")
    result = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    assert "did you mean 'bits'" in result.stderr and "chip.clock" in result.stderr


def test_a_failed_point_is_a_row_with_its_reason(squeezebar, spec, long, tmp_path):
    spec.write_text(f"version: 1\nbase: {long.name}\naxes:\n  run.images: [4, 0]\n")
    result = sweep(squeezebar, spec, "-o", tmp_path / "out", "--engine-set", "timeout=2 s", code=1)
    assert "1 of 2 points done, 1 failed" in result.stdout
    assert column(tmp_path / "out", "status") == ["done", "failed"]
    assert column(tmp_path / "out", "reason")[1] == "it took longer than 2 s (timeout)"
    assert "0 of 2 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out", code=1).stderr
    again = sweep(squeezebar, spec, "-o", tmp_path / "out", "--retry-failed", "--engine-set", "timeout=1 s", code=1)
    assert "1 of 2 points to compute" in again.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_goes_on(squeezebar, squeezebar_binary, spec, long, tmp_path, how):
    spec.write_text(f"version: 1\nbase: {long.name}\naxes:\n  run.images: [4, 5, 6, 0]\n")
    process = subprocess.Popen([squeezebar_binary, "sweep", spec, "-o", tmp_path / "out"], cwd=tmp_path, stderr=subprocess.PIPE)
    points = tmp_path / "points"
    wait_until(lambda: len(results(points)) == 3)
    process.send_signal(how)
    assert process.wait(20) == 130
    process.stderr.close()
    assert len(results(points)) == 3 and leftovers(points) == []
    assert "3 of 4 points done, 1 not computed yet" in sweep(squeezebar, "status", tmp_path / "out").stdout


def test_a_killed_worker_loses_its_own_point_alone(squeezebar, squeezebar_binary, spec, long, tmp_path):
    spec.write_text(f"version: 1\nbase: {long.name}\naxes:\n  run.images: [4, 0]\n")
    process = subprocess.Popen([squeezebar_binary, "sweep", spec, "-o", tmp_path / "out", "-j", "1"], cwd=tmp_path,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: results(tmp_path / "points"))
    time.sleep(0.5)
    children = subprocess.run(["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=False).stdout.split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    assert process.wait(30) == 1
    assert column(tmp_path / "out", "status") == ["done", "failed"]
    assert "killed (signal 9)" in column(tmp_path / "out", "reason")[1]


def test_two_sweeps_at_once_compute_each_point_once(squeezebar, squeezebar_binary, spec, tmp_path):
    command = [squeezebar_binary, "sweep", spec, "-j", "1", "--quiet", "-o"]
    both = [subprocess.Popen([*command, tmp_path / name], cwd=tmp_path) for name in ("one", "two")]
    assert [process.wait(60) for process in both] == [0, 0]
    assert (tmp_path / "one" / "table.csv").read_bytes() == (tmp_path / "two" / "table.csv").read_bytes()
    assert len(results(tmp_path / "points")) == 6


def test_missing_workloads_are_listed_and_built_when_asked(squeezebar, repository, spec, short, tmp_path):
    source = repository / "workloads" / "digits" / "p50"
    spec.write_text(f"version: 1\nbase: {short.name}\naxes:\n  weights:\n    p70:\n    p50: {{workload.bundle: built/p50, "
                    f"workload.recipe: mkdir -p {tmp_path}/built && cp -r {source} {tmp_path}/built}}\n")
    plan = sweep(squeezebar, "plan", spec, "-o", tmp_path / "out").stdout
    assert "to compute: 1, " in plan and ", and 1 whose bundles are missing\n" in plan
    assert f"missing: {tmp_path}/built/p50 (1 point), made by: mkdir -p" in plan
    assert "is missing, 1 points need it" in sweep(squeezebar, spec, "-o", tmp_path / "out", code=2).stderr
    assert not (tmp_path / "built").exists()
    sweep(squeezebar, spec, "-o", tmp_path / "out", "--build-workloads")
    assert column(tmp_path / "out", "workload") == ["digits-p70", "digits-p50"]


EXAMPLES = sorted(path for path in (Path(__file__).parents[3] / "configs" / "examples").glob("*.yaml")
                  if re.search(r"^(axes|zip|sample):", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_specs_are_planned(squeezebar, example, tmp_path):
    plan = sweep(squeezebar, "plan", example, "-o", tmp_path / "out")
    assert re.search(r"\.yaml: \d+ points on ", plan.stdout) and plan.stderr == ""
    missing = re.findall(r"^missing: (\S+) ", plan.stdout, re.MULTILINE)
    if missing:
        pytest.skip(f"planned, but its points are not checked without {', '.join(missing)}")


def test_values_from_the_command_line_reach_every_point(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out", "--set", "run.images=3")
    assert set(column(tmp_path / "out", "images")) == {"3"}
    result = sweep(squeezebar, spec, "-o", tmp_path / "out", "--set", "adc.bits=3", code=2)
    assert "is an axis of the sweep" in result.stderr


def test_an_empty_disk_of_results_says_so(squeezebar, tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    assert "is no folder of a sweep" in sweep(squeezebar, "status", tmp_path, code=2).stderr


def test_options_of_an_engine_are_told_by_their_name(squeezebar, spec, tmp_path):
    refused = sweep(squeezebar, spec, "-o", tmp_path / "out", "--engine-set", "timeout=1e12 s", "--engine-set", "job=2", code=2)
    assert "--engine-set: error: timeout: value 1e12 s is outside" in refused.stderr and "did you mean 'jobs'" in refused.stderr
    script = sweep(squeezebar, spec, "-o", tmp_path / "out", "--engine", "slurm", "--engine-set", "dry_run=true",
                   "--engine-set", "extra=--nodelist=one,two[3-4]").stdout
    assert "#SBATCH --nodelist=one,two[3-4]\n" in script


def test_machines_get_json(squeezebar, spec, tmp_path):
    out = json.loads(sweep(squeezebar, spec, "-o", tmp_path / "out", "--json").stdout)
    assert (out["points"], out["done"], out["failed"]) == (6, 6, 0)
    assert out["best"]["energy_per_image_j"]["point"] in range(1, 7)
