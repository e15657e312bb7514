# SPDX-License-Identifier: Apache-2.0
"""Sweeps on a Slurm cluster of one node that the tests start themselves, and what the engine asks of larger ones."""
import os
import re
import subprocess
import time

import pytest

LIMIT_S = 240


@pytest.fixture
def spec(repository, tmp_path):
    """Sixty points of the digits network."""
    path = tmp_path / "spec.yaml"
    path.write_text(f"version: 1\nbase: {repository}/configs/examples/digits_sme.yaml\nset: {{run.images: 8}}\naxes:\n"
                    "  adc.bits: [3, 4, 5, 6, 7, 8]\n  chip.clock: {from: 500 MHz, to: 1400 MHz, step: 100 MHz}\n")
    return path


@pytest.fixture
def cluster(repository, tmp_path, monkeypatch):
    script = repository / "tests" / "slurm" / "cluster"
    folder = tmp_path / "slurm"
    started = subprocess.run([script, "start", folder], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if started.returncode == 77:
        pytest.skip(started.stderr.strip())
    assert started.returncode == 0, started.stderr
    monkeypatch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
    yield folder
    subprocess.run([script, "stop", folder], check=False)


@pytest.fixture
def sweep(squeezebar_binary, tmp_path):
    def run(*arguments):
        result = subprocess.run([squeezebar_binary, "sweep", *map(str, arguments)], cwd=tmp_path, env=os.environ, capture_output=True,
                                text=True, timeout=LIMIT_S, check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout
    return run


def wait_until(condition, what):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def finished(folder):
    return len(list((folder / "points").glob("*/*/summary.json")))


@pytest.mark.slow
def test_an_array_with_a_killed_job_gives_the_table_of_the_local_engine(sweep, spec, cluster, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    sweep(spec, "-o", here / "out", "--no-report")
    options = ("--engine", "slurm", "--engine-set", "points_per_task=30", "--engine-set", "max_running=1", "--engine-set", "partition=test")
    printed = sweep(spec, "-o", there / "out", *options)
    job = re.match(r"job (\d+): 60 points in 2 tasks", printed).group(1)
    assert f"Slurm job {job}" in sweep("status", there / "out")
    wait_until(lambda: finished(there) >= 5, "no point was computed")
    subprocess.run(["scancel", "--signal=KILL", "--full", f"{job}_1"], check=True)
    wait_until(lambda: "Slurm job" not in sweep("status", there / "out"), "the array does not end")
    done = finished(there)
    assert 30 <= done < 60, "the killed task left points behind, the other one did not"
    assert "points in 1 tasks" in sweep(spec, "-o", there / "out", *options)
    wait_until(lambda: finished(there) == 60, "the second array does not compute what is left")
    wait_until(lambda: "Slurm job" not in sweep("status", there / "out"), "the second array does not end")
    sweep("merge", there / "out", "--no-report")
    for name in ("table.csv", "table.json", "table.sqlite"):
        assert (there / "out" / name).read_bytes() == (here / "out" / name).read_bytes(), name


@pytest.mark.slow
def test_a_sweep_is_cancelled_and_not_submitted_twice(sweep, squeezebar_binary, spec, cluster, tmp_path):
    options = ("-o", tmp_path / "out", "--engine", "slurm", "--engine-set", "extra=--begin=now+1hour")
    sweep(spec, *options)
    twice = subprocess.run([squeezebar_binary, "sweep", spec, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert twice.returncode == 2 and "is being computed already" in twice.stderr
    sweep("cancel", tmp_path / "out")
    wait_until(lambda: "Slurm job" not in sweep("status", tmp_path / "out"), "the job was not cancelled")


@pytest.mark.slow
def test_an_array_is_no_larger_than_the_site_allows(sweep, spec, cluster, tmp_path):
    spec.write_text(spec.read_text().replace("step: 100 MHz", "step: 2 MHz"))
    script = sweep(spec, "-o", tmp_path / "out", "--engine", "slurm", "--engine-set", "points_per_task=1", "--engine-set", "dry_run=true")
    assert "#SBATCH --array=1-100\n" in script, "MaxArraySize is 101"
    assert '--shard "$SLURM_ARRAY_TASK_ID/100"' in script


@pytest.mark.slow
def test_options_of_the_site_reach_sbatch(sweep, spec, cluster, tmp_path):
    settings = ("account=lab", "partition=test", "time=1:00:00", "mem=2G", "cpus=2", "max_running=7", "points_per_task=6")
    script = sweep(spec, "-o", tmp_path / "out", "--engine", "slurm", *(word for one in (*settings, "dry_run=true") for word in ("--engine-set", one)))
    for line in ("--account=lab", "--partition=test", "--time=1:00:00", "--mem=2G", "--cpus-per-task=2", "--array=1-10%7"):
        assert f"#SBATCH {line}\n" in script
