# SPDX-License-Identifier: Apache-2.0
"""A signal at any moment ends every command soon, with its own exit code and nothing half-written."""
import os
import random
import signal
import subprocess
import time

import pytest

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOON_S = 5  # a tenth of a second is the program's own bound; machines that test are busy


@pytest.fixture
def resnet50(repository, tmp_path):
    """ResNet-50's shapes, whose loading, mapping and packing take seconds; and a sweep of them."""
    folder = tmp_path / "in"
    folder.mkdir()
    config = folder / "resnet50.yaml"
    config.write_text(
        f"version: 1\ninclude: [{repository}/configs/examples/digits_sme.yaml]\n"
        f"workload: {{bundle: {repository}/workloads/shapes/resnet50_imagenet, inputs: uniform}}\n"
        "chip: {tiles: 256}\nbuffer: {size: 1 MB, input_size: 512 KB}\nrun: {images: 1}\n"
    )
    (folder / "sweep.yaml").write_text(f"version: 1\nbase: {config.name}\naxes: {{adc.bits: [4, 5, 6], chip.clock: [1 GHz, 2 GHz]}}\n")
    return folder


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def interrupt(command, delay, number, folder):
    """Exit code, text and the time from the signal to the end."""
    # A group of its own, so that what is left of it can be found.
    with subprocess.Popen(list(map(str, command)), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            pass
        start = time.monotonic()
        process.send_signal(number)
        try:
            output, errors = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"deaf after {delay} s: {command}")
        return process.returncode, output + errors, time.monotonic() - start


@pytest.mark.parametrize("words", [
    ("check", "resnet50.yaml"), ("map", "resnet50.yaml"), ("run", "resnet50.yaml", "-o", "out"),
    ("calibrate", "resnet50.yaml", "-o", "out"), ("sweep", "sweep.yaml", "-o", "out", "--no-report"), ("sweep", "plan", "sweep.yaml"),
], ids=" ".join)
def test_a_signal_at_any_moment_ends_the_command_and_leaves_nothing(squeezebar_binary, resnet50, words):
    # None of the commands is over before the last of the delays.
    choose = random.Random(" ".join(words))
    for number in SIGNALS:
        before = everything(resnet50)
        code, text, seconds = interrupt([squeezebar_binary, *words], choose.uniform(0.1, 0.8), number, resnet50)
        assert code == 130, text
        assert text.splitlines()[-1] == "squeezebar: error: interrupted"
        assert seconds < SOON_S
        if words[0] == "sweep":  # keeps its plan and what is done, and the same command goes on
            assert not [path for path in everything(resnet50) if ".partial" in path or path.startswith("points/") and path.count("/") > 1]
        else:
            assert everything(resnet50) == before


def test_a_hangup_that_is_ignored_stays_ignored(squeezebar_binary, short):
    process = subprocess.Popen([squeezebar_binary, "run", short, "-o", short.parent / "out"], stdout=subprocess.DEVNULL,
                               preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    time.sleep(0.1)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) == 0
