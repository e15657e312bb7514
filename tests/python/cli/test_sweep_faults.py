# SPDX-License-Identifier: Apache-2.0
"""Sweeps under faults: nothing that is finished is lost, nothing unfinished looks finished, and the message names the point."""
import contextlib
import glob
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cli_sweeps import column, leftovers, results, rows, sweep, tables, wait_until
from run_folders import flip, listed, relist

SLOW = "run.images=2000"
FIRST_POINT = "point 1 (adc.bits=3, chip.clock=1 GHz)"


@pytest.fixture
def slow_spec(long, tmp_path):
    """Two points, of which the second takes seconds."""
    path = tmp_path / "slow.yaml"
    path.write_text(f"version: 1\nbase: {long.name}\naxes:\n  {SLOW.replace('=', ': [4, ')}]\n")
    return path


@pytest.fixture
def start(squeezebar_binary, tmp_path):
    """Starts a sweep beside the test; what still runs when the test ends is killed."""
    running = []

    def run(*arguments, **options):
        command = [squeezebar_binary, "sweep", *arguments, "--no-report"]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        running.append(process)
        return process

    yield run
    for process in running:
        for child in [*children(process), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.communicate()


def children(process):
    listed = subprocess.run(["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def worker(process, setting):
    """The child of a sweep that computes the point with this setting; nothing if there is none."""
    for child in children(process):
        with contextlib.suppress(FileNotFoundError):
            if setting in Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8").split("\0"):
                return child
    return None


def is_running(process_id):
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rsplit(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def held(process_id):
    """Keeps a process from going on, however fast it is."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


DAMAGE = {
    "cut summary": lambda run: os.truncate(run / "summary.json", (run / "summary.json").stat().st_size // 2),
    "cut layers": lambda run: os.truncate(run / "layers.csv", (run / "layers.csv").stat().st_size // 2),
    "changed energy": lambda run: edit(run / "summary.json", '"energy_j": ', '"energy_j": 1'),
    "no list": lambda run: (run / "files.json").unlink(),
    "empty activity": lambda run: os.truncate(run / "activity.json", 0),
    "no folder": shutil.rmtree,
    "foreign folder": lambda run: (shutil.rmtree(run), run.mkdir(), (run / "thesis.tex").write_text("x")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_results_that_are_damaged_between_sweeps_are_computed_again(squeezebar, spec, calm, tmp_path, damage):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    damage(tmp_path / "out" / rows(tmp_path / "out")[2]["run"])
    is_there = (tmp_path / "out" / rows(tmp_path / "out")[2]["run"]).exists()
    status = sweep(squeezebar, "status", tmp_path / "out")
    assert "5 of 6 points done, 1 not computed yet" in status.stdout
    again = sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert "1 of 6 points to compute" in again.stderr
    for told in (status, again):
        assert told.stderr.count("warning: point 3 (adc.bits=4, chip.clock=1 GHz): ") == is_there
    assert tables(tmp_path / "out") == calm(spec)


def test_every_file_of_the_results_is_held_against_its_list(squeezebar, spec, calm, tmp_path):
    """Whatever byte changes: --verify reads all files, also those that the tables do not need."""
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    runs = [tmp_path / "out" / row["run"] for row in rows(tmp_path / "out")]
    names = listed(runs[0])
    assert {"summary.json", "layers.csv", "report.html", "outputs/fc2.npy"} <= set(names)
    names = [name for name in names if name != "values.bin"]  # which goes when nobody waits for it
    for run, name in zip(itertools.cycle(runs), names):
        flip(run / name)
    assert "6 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out", "--verify").stderr
    assert "0 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out", "--verify").stderr
    assert tables(tmp_path / "out") == calm(spec)


def test_results_of_another_program_are_computed_again(squeezebar, spec, calm, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    run = tmp_path / "out" / rows(tmp_path / "out")[2]["run"]
    program = json.loads((run / "summary.json").read_text())["program"]
    (run / "summary.json").write_text((run / "summary.json").read_text().replace(program, "0" * 64))
    relist(run)
    told = sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert "1 of 6 points to compute" in told and "was computed by another program: computed again" in told
    assert tables(tmp_path / "out") == calm(spec)


def test_a_sweep_is_not_computed_as_another_program_planned_it(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    plan = tmp_path / "out" / "plan.json"
    content = json.loads(plan.read_text())
    plan.write_text(json.dumps(content | {"program": "0" * 64}))
    assert "was planned by another program" in sweep(squeezebar, tmp_path / "out", code=2).stderr
    assert "0 of 6 points done" in sweep(squeezebar, "status", tmp_path / "out").stdout
    assert "0 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr


def test_files_of_the_user_in_the_store_stay_when_a_point_is_computed_again(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    run = tmp_path / "out" / rows(tmp_path / "out")[2]["run"]
    (run / "notes.txt").write_text("mine")
    assert "0 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out", "--verify").stderr
    flip(run / "summary.json", 100)
    assert "1 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert (run / "notes.txt").read_text() == "mine"


def test_what_is_not_of_the_store_is_left_alone(squeezebar, spec, tmp_path):
    foreign = tmp_path / "points" / "notes" / "thesis.tex"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("x")
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert foreign.read_text() == "x"


def test_a_file_in_the_place_of_a_point_is_told_with_the_point(squeezebar, spec, calm, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    run = tmp_path / "out" / rows(tmp_path / "out")[0]["run"]
    shutil.rmtree(run)
    run.write_text("mine")
    stopped = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    assert f"error: {FIRST_POINT}: " in stopped.stderr and ": cannot take results: " in stopped.stderr and "a file of that name" in stopped.stderr
    assert run.read_text() == "mine"
    run.unlink()
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert tables(tmp_path / "out") == calm(spec)


def test_results_that_are_removed_during_a_sweep_are_missing_not_done(squeezebar, start, slow_spec, calm, tmp_path):
    process = start(slow_spec, "-o", "out", "-j", "1")
    wait_until(lambda: worker(process, SLOW))
    shutil.rmtree(results(tmp_path / "points")[0])
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 1 and "the same command computes them again" in said
    assert column(tmp_path / "out", "status") == ["missing", "done"]
    assert "1 of 2 points to compute" in sweep(squeezebar, slow_spec, "-o", tmp_path / "out").stderr
    assert tables(tmp_path / "out") == calm(slow_spec)


def test_a_base_that_changes_during_a_sweep_stops_it(squeezebar, start, slow_spec, long, calm, tmp_path):
    slow_spec.write_text(slow_spec.read_text() + "  chip.clock: [1 GHz, 0.5 GHz]\n")
    expected = calm(slow_spec)
    process = start(slow_spec, "-o", "out", "-j", "1")
    wait_until(lambda: worker(process, SLOW))
    text = long.read_text()
    long.write_text(text + "adc: {bits: 7}\n")
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 2 and " GHz): its results are not those of the plan" in said
    long.write_text(text)
    sweep(squeezebar, slow_spec, "-o", tmp_path / "out")
    assert tables(tmp_path / "out") == expected


@pytest.mark.parametrize("damage", ["changed", "none"])
def test_a_point_that_cannot_take_anything_from_another_is_computed_whole(squeezebar, short, calm, tmp_path, damage):
    """Results whose activity was changed, and those of which outputs are wanted too."""
    if damage == "changed":
        short.write_text(short.read_text().replace("outputs: true", "outputs: false"))
    spec = tmp_path / "prices.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\naxes:\n  adc.power: [1 mW, 2 mW, 3 mW]\n")
    one = tmp_path / "one.yaml"
    one.write_text(spec.read_text().replace(", 2 mW, 3 mW", ""))
    sweep(squeezebar, one, "-o", tmp_path / "one")
    if damage == "changed":
        flip(results(tmp_path / "points")[0] / "activity.json", 400)
    said = sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert "2 of 3 points to compute" in said and "priced alone" not in said
    assert "2 of them were to take something from results that are damaged or do not serve them" in said
    assert column(tmp_path / "out", "status") == ["done"] * 3
    assert tables(tmp_path / "out")["table.csv"] == calm(spec)["table.csv"]


@pytest.mark.parametrize("moment", [0, 2**32], ids=["past", "future"])
def test_times_of_files_mean_nothing(squeezebar, spec, tmp_path, moment):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    before = tables(tmp_path / "out")
    id_of_third = rows(tmp_path / "out")[2]["id"]
    third = tmp_path / "out" / rows(tmp_path / "out")[2]["run"]
    shutil.rmtree(third)
    (third.parent / f".{id_of_third}.lock").touch()  # of a process that was killed
    for path in [*(tmp_path / "points").rglob("*"), *(tmp_path / "out").rglob("*")]:
        os.utime(path, (moment, moment))
    assert "1 of 6 points to compute" in sweep(squeezebar, spec, "-o", tmp_path / "out").stderr
    assert tables(tmp_path / "out") == before
    assert leftovers(tmp_path / "points") == []


def test_a_clock_that_jumps_changes_nothing(start, spec, calm, tmp_path):
    libraries = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    if not libraries:
        pytest.skip("no libfaketime (Debian: faketime)")
    expected = calm(spec)
    clock = tmp_path / "clock"
    clock.write_text("+0")
    fake = {"LD_PRELOAD": libraries[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
    process = start(spec, "-o", "out", "-j", "1", "--engine-set", "timeout=30 s", env=os.environ | fake)
    jumps = 0
    while process.poll() is None:
        jumps += 1
        clock.write_text("+20y" if jumps % 2 else "-20y")
        time.sleep(0.01)
    assert process.returncode == 0 and jumps > 2
    assert tables(tmp_path / "out") == expected


def test_two_sweeps_at_once_in_one_folder_make_one_table(start, spec, calm, tmp_path):
    both = [start(spec, "-o", "out", "-j", "1") for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert tables(tmp_path / "out") == calm(spec)
    assert leftovers(tmp_path / "points") == []


def test_two_specs_at_once_share_a_store(start, spec, calm, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(spec.read_text().replace("[3, 4, 5]", "[6, 5, 4]"))
    both = [start(one, "-o", name, "-j", "1") for one, name in ((spec, "out"), (other, "other"))]
    assert [process.wait(60) for process in both] == [0, 0]
    assert tables(tmp_path / "out") == calm(spec) and tables(tmp_path / "other") == calm(other)
    assert len(results(tmp_path / "points")) == 8


def test_a_sweep_of_other_points_does_not_take_the_folder_of_one_that_runs(squeezebar, start, spec, slow_spec, calm, tmp_path):
    process = start(slow_spec, "-o", "out", "-j", "1")
    wait_until(lambda: results(tmp_path / "points"))
    refused = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    assert "is the folder of a sweep of other points that is being computed" in refused.stderr
    assert process.wait(60) == 0
    assert tables(tmp_path / "out") == calm(slow_spec)
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert tables(tmp_path / "out") == calm(spec)


def kill_the_slow_worker(process):
    wait_until(lambda: worker(process, SLOW))
    os.kill(worker(process, SLOW), signal.SIGKILL)
    return process.communicate(timeout=60)[0]


def test_results_of_another_sweep_make_good_a_failure(squeezebar, start, slow_spec, calm, tmp_path):
    kill_the_slow_worker(start(slow_spec, "-o", "out"))
    assert column(tmp_path / "out", "status") == ["done", "failed"]
    sweep(squeezebar, slow_spec, "-o", tmp_path / "other")
    assert "0 of 2 points to compute" in sweep(squeezebar, slow_spec, "-o", tmp_path / "out").stderr
    assert tables(tmp_path / "out") == calm(slow_spec)


def test_points_that_are_computed_anew_and_fail_keep_their_results_and_are_told(squeezebar, start, slow_spec, tmp_path):
    sweep(squeezebar, slow_spec, "-o", tmp_path / "out")
    before = tables(tmp_path / "out")
    again = start(slow_spec, "-o", "out", "--fresh")
    assert "1 points failed that have earlier results, which stay" in kill_the_slow_worker(again)
    assert again.returncode == 1
    assert tables(tmp_path / "out") == before


def test_a_worker_that_outlives_its_sweep_is_waited_for(start, slow_spec, calm, tmp_path):
    process = start(slow_spec, "-o", "out", "-j", "1")
    wait_until(lambda: worker(process, SLOW))
    orphan = worker(process, SLOW)
    process.kill()
    process.wait()
    with held(orphan):
        again = start(slow_spec, "-o", "out", "-j", "1")
        time.sleep(0.5)
        assert is_running(orphan) and children(again) == [] and again.poll() is None
    assert again.wait(60) == 0
    assert not is_running(orphan)
    assert tables(tmp_path / "out") == calm(slow_spec)
    assert leftovers(tmp_path / "points") == []


def test_what_killed_runs_left_is_cleared_when_the_point_is_computed(squeezebar, spec, tmp_path):
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    run = tmp_path / "out" / rows(tmp_path / "out")[2]["run"]
    run.rename(run.parent / f".{run.name}.4194305.partial")  # as versions that held no lock called it
    killed = run.parent / f".{run.name}.0123456789ab.partial"
    (killed / "new").mkdir(parents=True)
    (killed / "lock").touch()
    (run.parent / f".{run.name}.lock").touch()
    sweep(squeezebar, spec, "-o", tmp_path / "out")
    assert leftovers(tmp_path / "points") == [] and len(results(tmp_path / "points")) == 6


def test_a_sweep_can_be_stopped_while_it_is_checked(start, short, tmp_path):
    spec = tmp_path / "large.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\naxes:\n  chip.clock: {{from: 1 GHz, to: 2 GHz, points: 90000}}\n")
    process = start(spec, "-o", "out")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option, place", [("-o", "/proc/none/out"), ("--store", "/proc/none/points")])
def test_a_place_that_takes_nothing_is_told_before_anything_is_computed(squeezebar, spec, option, place):
    stopped = sweep(squeezebar, spec, option, place, code=2)
    assert stopped.stderr.startswith(f"{place}: error: cannot be written to: ")
    assert "point 1" not in stopped.stderr and stopped.stdout == ""


def test_a_store_that_is_no_folder_is_told(squeezebar, spec, tmp_path):
    (tmp_path / "file").write_text("mine")
    stopped = sweep(squeezebar, spec, "-o", tmp_path / "out", "--store", tmp_path / "file", code=2)
    assert stopped.stderr.startswith(f"{tmp_path}/file: error: cannot be written to: ")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_is_not_there_for_a_probe_is_told(squeezebar, spec, tmp_path):
    refused = sweep(squeezebar, "plan", spec, env=os.environ | {"TMPDIR": str(tmp_path / "nowhere")}, cwd=tmp_path, code=2)
    assert "temp_directory_path" in refused.stderr and "internal error" not in refused.stderr


def test_a_key_that_specs_do_not_have_is_told_with_its_place(squeezebar, spec, tmp_path):
    spec.write_text(spec.read_text() + "replicate: 3\n")
    refused = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    assert f"{spec}:6:1: error: unknown key 'replicate'; did you mean 'replicates'?" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_value_that_one_of_many_points_rejects_is_told_with_its_number(squeezebar, short, tmp_path):
    powers = [f"{500 + i} uW" for i in range(800)]
    powers[733] = "much"
    spec = tmp_path / "many.yaml"
    spec.write_text(f"version: 1\nbase: {short.name}\nzip:\n- adc.power: [{', '.join(powers)}]\n")
    refused = sweep(squeezebar, spec, "-o", tmp_path / "out", code=2)
    at = spec.read_text().splitlines()[3].index("much") + 1
    assert f"{spec}:4:{at}: error: adc.power: " in refused.stderr and "[point 734 (adc.power=much)]" in refused.stderr
    assert refused.stderr.count("error:") == 1
    assert not (tmp_path / "out").exists() and not (tmp_path / "points").exists()


@pytest.mark.parametrize("engine", ["print", "slurm"])
def test_engines_that_compute_elsewhere_hand_on_what_is_computed_again(squeezebar, spec, tmp_path, engine):
    options = ["--engine", engine, *(["--engine-set", "dry_run=true"] if engine == "slurm" else [])]
    shares = sweep(squeezebar, spec, "-o", tmp_path / "out", *options, "--fresh", "--retry-failed").stdout
    assert "--shard" in shares and "--fresh --retry-failed" in shares
    assert "--fresh" not in sweep(squeezebar, spec, "-o", tmp_path / "out", *options).stdout
