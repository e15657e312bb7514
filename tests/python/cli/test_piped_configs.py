# SPDX-License-Identifier: Apache-2.0
"""A config may come from standard input or a pipe: it is read once, and is relative to the current folder."""
import os
import signal
import subprocess
import threading
import time

import pytest
import yaml

from cli_sweeps import rows

VARIANTS = "variants:\n  six:\n  four: {adc: {bits: 4}}\n"


@pytest.fixture
def text(repository):
    base = os.path.join(repository, "configs", "examples", "digits_sme.yaml")
    return f"version: 1\ninclude: [{base}]\nrun: {{images: 2}}\n"


@pytest.fixture
def piped(squeezebar_binary, tmp_path):
    """Runs the program in `tmp_path` with a text on its standard input."""
    def run(*words, text="", **options):
        return subprocess.run([squeezebar_binary, *map(str, words)], input=text, cwd=tmp_path, capture_output=True,
                              text=True, timeout=60, check=False, **options)
    return run


def through_a_pipe(piped, words, text):
    """The word "PIPE" becomes a pipe that gives the text once, as a shell's <(...) does."""
    here, there = os.pipe()

    def write():
        with open(there, "w", encoding="utf-8") as file:
            file.write(text)
    writer = threading.Thread(target=write)
    writer.start()
    result = piped(*(str(word).replace("PIPE", f"/dev/fd/{here}") for word in words), pass_fds=[here])
    os.close(here)
    writer.join()
    return result


def config(folder):
    """What a run's config says of everything but where its bundle lies."""
    found = yaml.safe_load((folder / "resolved.yaml").read_text())
    found["workload"].pop("bundle")
    return found


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "PIPE", "fifo"])
def test_a_run_is_that_of_the_file(piped, text, tmp_path, name):
    (tmp_path / "file.yaml").write_text(text)
    assert piped("run", "file.yaml", "-q").returncode == 0
    if name == "PIPE":
        result = through_a_pipe(piped, ("run", "PIPE", "-q"), text)
    elif name == "fifo":
        os.mkfifo(tmp_path / "fifo")
        writer = threading.Thread(target=lambda: (tmp_path / "fifo").write_text(text))
        writer.start()
        result = piped("run", "fifo", "-q")
        writer.join()
    else:
        result = piped("run", name, "-q", text=text)
    assert (result.returncode, result.stderr) == (0, "")
    called = "pipe" if name in ("PIPE", "fifo") else "stdin"
    folder = tmp_path / "runs" / called
    for same in ("summary.json", "layers.csv", "energy.csv", "activity.json"):
        assert (folder / same).read_bytes() == (tmp_path / "runs" / "file" / same).read_bytes()
    assert config(folder) == config(tmp_path / "runs" / "file")
    assert f"images: 2  # <{called}>:3:15" in (folder / "resolved.yaml").read_text()
    assert piped("run", folder / "resolved.yaml", "-o", "again", "-q").returncode == 0


@pytest.mark.parametrize("name", ["-", "PIPE"])
def test_all_variants_are_run_or_one(piped, text, tmp_path, name):
    def run(*words):
        whole = text + VARIANTS
        result = through_a_pipe(piped, words, whole) if name == "PIPE" else piped(*words, text=whole)
        assert (result.returncode, result.stderr) == (0, "")

    run("run", name, "-o", "all", "-q")
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["comparison.html", "four", "six"]
    assert "bits: 4" in (tmp_path / "all" / "four" / "resolved.yaml").read_text()
    run("run", f"{name}#four", "-o", "one", "-q")
    for file in ("summary.json", "layers.csv", "energy.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "all" / "four" / file).read_bytes()


def test_the_other_commands_take_it_too(piped, text, tmp_path):
    assert "ok: <stdin>: " in piped("check", "-", text=text).stdout
    assert "crossbars" in piped("map", "-", text=text).stdout
    assert "In <stdin>:" in piped("explain", "adc.bits", "--config", "-", text=text).stdout
    assert piped("calibrate", "-", "-q", text=text).returncode == 0
    assert (tmp_path / "calibrations" / "stdin" / "calibration.yaml").is_file()


def test_a_sweep_takes_its_spec(piped, text, tmp_path):
    (tmp_path / "base.yaml").write_text(text)
    spec = "version: 1\nbase: base.yaml\naxes: {adc.bits: [4, 5]}\n"
    for computed in (2, 0):
        result = piped("sweep", "-", "--no-report", text=spec)
        assert result.returncode == 0 and f"{computed} of 2 points to compute" in result.stderr
    assert len(rows(tmp_path / "runs" / "stdin")) == 2


def test_faults_are_told_in_their_place(piped, text):
    wrong = piped("check", "-", text=text + "adc: {bist: 4}\n")
    assert wrong.returncode == 2 and wrong.stderr.startswith("<stdin>:4:7: error: adc: unknown key 'bist'")
    empty = piped("run", "-", text="")
    assert empty.returncode == 2 and empty.stderr.startswith("<stdin>:1:1: error: the file is empty")
    large = piped("check", "-", text="#" * (16 << 20) + "\n")
    assert large.returncode == 2 and "larger than 16 MiB" in large.stderr
    closed = piped("check", "/dev/fd/77")
    assert closed.returncode == 2 and closed.stderr.startswith("/dev/fd/77: error: cannot be read: ")


@pytest.mark.parametrize("name", ["-", "fifo"])
def test_waiting_for_a_text_can_be_interrupted(squeezebar_binary, tmp_path, name):
    os.mkfifo(tmp_path / "fifo")
    process = subprocess.Popen([squeezebar_binary, "check", name], cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 130
    assert b"interrupted" in process.stderr.read()
    process.stdin.close()
    process.stderr.close()
