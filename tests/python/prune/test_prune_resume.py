# SPDX-License-Identifier: Apache-2.0
"""Interrupted runs of the command line: killed anywhere, resumed to the same bytes, and never by mistake."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prune.cli import main

pytest.importorskip("torch", reason="training needs PyTorch")

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
QUICK = ["--limit", "200", "--batch-size", "16"]
LIMIT_S = 60


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("resume") / "float"
    assert main(["train", "--epochs", "2", *QUICK, "-o", str(folder)]) == 0
    return folder


def arguments(checkpoint, output, *more):
    return ["prune", str(checkpoint), "--method", "admm", "--epochs", "6", *QUICK, *more, "-o", str(output)]


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def killed_after_an_epoch(command, state):
    """Runs a command of the front end and kills it while it trains on after its first epoch; False if it was done."""
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    process = subprocess.Popen(
        [sys.executable, "-m", "prune", *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + LIMIT_S
        while not state.exists() and process.poll() is None:
            assert time.monotonic() < end, "no epoch within the limit"
            time.sleep(0.002)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return process.returncode == -signal.SIGKILL


def test_killed_run_goes_on_to_the_same_bytes(checkpoint, tmp_path, capsys):
    (tmp_path / "whole").mkdir()
    whole, output = tmp_path / "whole" / "s3", tmp_path / "s3"
    assert main(arguments(checkpoint, whole)) == 0
    training = tmp_path / "s3.training"
    assert killed_after_an_epoch(arguments(checkpoint, output), training / "state.pt")
    assert not output.exists() and training.is_dir()
    assert main(arguments(checkpoint, output)) == 2
    assert "holds the state of an interrupted run; give --resume" in capsys.readouterr().err
    assert main(arguments(checkpoint, output, "--resume")) == 0
    assert "epoch   1/6" not in capsys.readouterr().err
    assert contents(output) == contents(whole) and not training.exists()


def test_training_from_scratch_resumes_too(tmp_path):
    """With the optimiser that keeps plain numbers in its state."""
    command = ["train", "--epochs", "4", "--optimiser", "sgd", *QUICK, "-o"]
    (tmp_path / "whole").mkdir()
    assert main([*command, str(tmp_path / "whole" / "f")]) == 0
    assert killed_after_an_epoch([*command, str(tmp_path / "f")], tmp_path / "f.training" / "state.pt")
    assert main([*command, str(tmp_path / "f"), "--resume"]) == 0
    assert contents(tmp_path / "f") == contents(tmp_path / "whole" / "f")


def test_state_of_another_run_is_refused(checkpoint, tmp_path, capsys):
    other = tmp_path / "other"
    assert main(["train", "--epochs", "1", *QUICK, "-o", str(other)]) == 0
    output = tmp_path / "s3"
    assert killed_after_an_epoch(arguments(checkpoint, output), tmp_path / "s3.training" / "state.pt")
    capsys.readouterr()
    for wrong in (
        arguments(checkpoint, output, "--rho", "0.5", "--resume"),
        arguments(checkpoint, output, "--window", "2", "--resume"),
        arguments(checkpoint, output, "--seed", "2", "--resume"),
        arguments(other, output, "--resume"),
    ):
        assert main(wrong) == 2
        assert "belongs to a run with other options or another start" in capsys.readouterr().err
    state = tmp_path / "s3.training" / "state.pt"
    state.write_bytes(state.read_bytes()[:1000])
    assert main(arguments(checkpoint, output, "--resume")) == 2
    assert "cannot be read" in capsys.readouterr().err and not output.exists()


def test_state_that_would_run_code_is_refused(checkpoint, tmp_path, capsys):
    import torch

    class Harm:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "harm"),))

    (tmp_path / "s3.training").mkdir()
    torch.save(Harm(), tmp_path / "s3.training" / "state.pt")
    assert main(arguments(checkpoint, tmp_path / "s3", "--resume")) == 2
    assert "cannot be read" in capsys.readouterr().err and not (tmp_path / "harm").exists()


def test_pruned_network_keeps_its_zeros_in_admm(checkpoint, tmp_path, capsys):
    from prune.checkpoint import load

    pruned, result = tmp_path / "p70", tmp_path / "s3"
    quick = ["--epochs", "1", *QUICK]
    assert main(["prune", str(checkpoint), "--method", "block", "--sparsity", "0.7", *quick, "-o", str(pruned)]) == 0
    assert "crossbars per bit: 8 before" in capsys.readouterr().out
    command = ["--epochs", "3", *QUICK, "-o", str(result)]
    assert main(["prune", str(pruned), "--method", "admm", *command]) == 0
    assert "removes 15" in capsys.readouterr().out
    before, after = load(pruned).weights(), load(result).weights()
    assert all(not after[name][weight == 0].any() for name, weight in before.items())
    assert load(result).commands[1].split()[4] == "prune" and "--method admm" in load(result).commands[2]
