# SPDX-License-Identifier: Apache-2.0
"""The command line end to end: repeatable, all or nothing, and plain about mistakes."""
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prune import checkpoint
from prune.cli import main
from prune import file_list
from prune.folder import new_folder
from prune.options import Option

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
QUICK = ["--epochs", "1", "--limit", "200"]


def run(*arguments, **options):
    """Runs the front end in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "PYTHONHASHSEED": "random"}
    command = [sys.executable, "-m", "prune", *map(str, arguments)]
    return subprocess.run(command, text=True, env=environment, timeout=120, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def pipeline(folder):
    pytest.importorskip("torch", reason="training needs PyTorch")
    folder.mkdir()
    steps = [
        ["train", "--network", "digits", "--seed", "5", *QUICK, "-o", folder / "float"],
        ["prune", folder / "float", "--method", "magnitude", "--sparsity", "0.8", *QUICK, "-o", folder / "pruned"],
        ["quantise", folder / "pruned", "-o", folder / "int8"],
        ["export", folder / "int8", "--name", "trial", "--expected", "5", "-o", folder / "bundle"],
        ["verify", folder / "bundle"],
    ]
    return [run(*step) for step in steps]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The results of all steps and their folder, shared by the tests that only read."""
    folder = tmp_path_factory.mktemp("pipeline") / "first"
    results = pipeline(folder)
    assert [(r.returncode, r.stderr) for r in results if r.returncode] == []
    return results, folder


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_pipeline_twice_gives_the_same_bytes(made, tmp_path):
    pipeline(tmp_path / "second")
    first, second = contents(made[1]), contents(tmp_path / "second")
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_pipeline_tells_what_it_did(made):
    train, prune, quantise, export, verify = made[0]
    assert "epoch   1/1  loss" in train.stderr and "\r" not in train.stderr
    assert "removes 18240 of 22800 weights (80.00%)" in prune.stdout
    assert "float accuracy" in quantise.stdout and "599 samples" in export.stdout
    assert "expected outputs: 5 samples, equal to the integer reference" in verify.stdout
    assert verify.stdout.endswith("ok\n")


def test_nothing_else_is_left_behind(made):
    assert sorted(p.name for p in made[1].iterdir()) == ["bundle", "float", "int8", "pruned"]
    assert sorted(p.name for p in (made[1] / "float").iterdir()) == ["checkpoint.json", "files.json", "log.csv", "parameters.npz"]


def test_results_name_no_host_path(made):
    folder = made[1]
    for name, data in contents(folder).items():
        assert str(folder).encode() not in data and str(SCRIPTS.parent).encode() not in data, name


def test_pruned_checkpoint_has_the_sparsity(made):
    weights = checkpoint.load(made[1] / "pruned").weights().values()
    assert sum(np.count_nonzero(w) for w in weights) == 22800 - 18240


@pytest.mark.parametrize("method", [["magnitude", "--sparsity", "0.8"], ["admm"], ["n_of_m"]])
def test_pruning_without_retraining(made, tmp_path, method):
    """Weights that stay are those of the checkpoint; those of a scheme are its codes."""
    result = run("prune", made[1] / "float", "--method", *method, "--epochs", "0", "-o", tmp_path / "pruned")
    assert result.returncode == 0, result.stderr
    before, after = (checkpoint.load(folder) for folder in (made[1] / "float", tmp_path / "pruned"))
    for name, array in after.parameters.items():
        if method[0] == "admm" and array.ndim > 1:
            assert len(np.unique(np.abs(array))) < 128 < array.size  # codes with one step for a layer
        elif array.ndim > 1:
            np.testing.assert_array_equal(array, np.where(array == 0, 0, before.parameters[name]))
        else:
            np.testing.assert_array_equal(array, before.parameters[name])
    header, row = (tmp_path / "pruned" / "log.csv").read_text().splitlines()
    assert header == "epoch,held_out_accuracy" and row.startswith("0,0.")


def test_settling_epochs_are_cut_to_what_there_is(made, tmp_path):
    result = run("prune", made[1] / "float", "--method", "admm", *QUICK, "-o", tmp_path / "tuned")
    assert result.returncode == 0, result.stderr
    assert checkpoint.load(tmp_path / "tuned").options["settle_epochs"] == 1


def test_provenance_is_complete(made):
    from prune.bundle.read import read_bundle

    provenance = read_bundle(made[1] / "bundle").provenance
    assert provenance["method"] == "magnitude" and provenance["options"] == {"sparsity": 0.8, "scope": "global"}
    assert provenance["seed"] == 1 and 0.8 <= provenance["sparsity"] < 0.82
    assert set(provenance["sparsity_by_layer"]) == {"conv1", "conv2", "conv3", "fc1", "fc2"}
    assert {"python", "numpy", "torch"} == set(provenance["library_versions"])
    assert provenance["processor"] == checkpoint.load(made[1] / "float").processor != ""
    wrong = provenance["float_wrong"]
    assert provenance["accuracy_images"] == 599 and provenance["float_accuracy_top1"] == (599 - len(wrong)) / 599
    lines = provenance["command"].splitlines()
    assert [line.split()[:5] for line in lines] == [
        ["PYTHONPATH=scripts", "python3", "-m", "prune", name] for name in ("train", "prune", "quantise", "export")
    ]
    assert "--seed 5 --epochs 1" in lines[0] and "--sparsity 0.8" in lines[1] and "--name trial" in lines[3]


def test_recorded_commands_make_the_bundle_again(made, tmp_path):
    from prune.bundle.read import read_bundle

    (tmp_path / "scripts").symlink_to(SCRIPTS)
    command = read_bundle(made[1] / "bundle").provenance["command"].replace("python3", sys.executable)
    subprocess.run(["sh", "-e", "-c", command], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert contents(tmp_path / "bundle") == contents(made[1] / "bundle")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["train"],
        ["import"],
        ["evaluate"],
        ["prune"],
        ["checkpoint"],
        ["quantise"],
        ["export"],
        ["samples"],
        ["verify"],
    ],
)
def test_help(capsys, command):
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    assert "usage: python3 -m prune" in capsys.readouterr().out


MISTAKES = {
    "no command": ([], "arguments are required: COMMAND"),
    "unknown command": (["trian"], "invalid choice: 'trian'"),
    "unknown option": (["train", "-o", "x", "--epoch", "3"], "unrecognized arguments: --epoch 3"),
    "no output": (["train"], "arguments are required: -o/--output"),
    "unknown network": (["train", "-o", "x", "--network", "digit"], "unknown network 'digit'; did you mean 'digits'?"),
    "not a number": (["train", "-o", "x", "--epochs", "many"], "--epochs: 'many' is not a whole number"),
    "out of range": (["train", "-o", "x", "--epochs", "0"], "--epochs: 0 is out of range; give a whole number >= 1"),
    "not finite": (["train", "-o", "x", "--learning-rate", "nan"], "--learning-rate: nan is out of range"),
    "no folder above": (["train", "-o", "nowhere/x"], "nowhere: no such folder"),
    "unknown method": (["prune", "x", "--method", "magic", "-o", "y"], "unknown pruning method 'magic'"),
    "no sparsity": (
        ["prune", "x", "--method", "magnitude", "-o", "y"],
        "--sparsity is missing; method magnitude needs it",
    ),
    "all pruned": (
        ["prune", "x", "--method", "magnitude", "--sparsity", "1", "-o", "y"],
        "--sparsity: 1 is out of range",
    ),
    "unknown scope": (
        ["prune", "x", "--method", "magnitude", "--sparsity", "0.5", "--scope", "layers", "-o", "y"],
        "--scope: unknown value 'layers'; did you mean 'layer'?",
    ),
    "option of another method": (
        ["prune", "x", "--method", "block", "--sparsity", "0.5", "--rho", "1", "-o", "y"],
        "--rho: method block has no such option",
    ),
    "no sparsity of blocks": (["prune", "x", "--method", "block", "-o", "y"], "--sparsity is missing"),
    "crossbar without rows": (
        ["prune", "x", "--method", "block", "--sparsity", "0.5", "--crossbar-rows", "0", "-o", "y"],
        "--crossbar-rows: 0 is out of range; give a whole number >= 1",
    ),
    "sparsity for admm": (
        ["prune", "x", "--method", "admm", "--sparsity", "0.5", "-o", "y"],
        "--sparsity: method admm with scheme s_window has no such option",
    ),
    "option of another scheme": (
        ["prune", "x", "--method", "admm", "--scheme", "uniform", "--window", "3", "-o", "y"],
        "--window: method admm with scheme uniform has no such option",
    ),
    "unknown scheme": (
        ["prune", "x", "--method", "admm", "--scheme", "s-window", "-o", "y"],
        "--scheme: unknown value 's-window'; did you mean 's_window'?",
    ),
    "window beyond the bits": (
        ["prune", "x", "--method", "admm", "--window", "9", "-o", "y"],
        "--window: 9 bits do not fit a magnitude of 8",
    ),
    "settling beyond all epochs": (
        ["prune", "x", "--method", "admm", "--epochs", "3", "--settle-epochs", "4", "-o", "y"],
        "--settle-epochs: 4 epochs are more than all 3; give fewer or more --epochs",
    ),
    "no pull": (["prune", "x", "--method", "admm", "--rho", "0", "-o", "y"], "--rho: 0 is out of range"),
    "shrinking pull": (
        ["prune", "x", "--method", "admm", "--rho-factor", "0.5", "-o", "y"],
        "--rho-factor: 0.5 is out of range; give a number >= 1.0",
    ),
    "no checkpoint": (["quantise", "x", "-o", "y"], "checkpoint.json: cannot be read (No such file or directory)"),
    "unknown scheme": (["quantise", "x", "-o", "y", "--scheme", "swindow"], "unknown weight scheme 'swindow'; did you"),
    "option of another scheme": (
        ["quantise", "x", "-o", "y", "--window", "3"],
        "--window: scheme uniform has no such option; its options are: --weight-bits",
    ),
    "window too wide": (
        ["quantise", "x", "-o", "y", "--scheme", "s_window", "--window", "9"],
        "--window: 9 bits do not fit a magnitude of 8; give a smaller window",
    ),
    "no checkpoint to store": (["checkpoint", "x", "--half", "-o", "y"], "checkpoint.json: cannot be read"),
    "no checkpoint to evaluate": (["evaluate", "x"], "checkpoint.json: cannot be read"),
    "no bundle to complete": (["samples", "x", "-o", "y"], "network.yaml: cannot be read"),
    "negative samples": (["export", "x", "--samples", "-2", "-o", "y"], "--samples: -2 is out of range"),
    "no network": (["export", "x", "-o", "y"], "network.yaml: cannot be read"),
    "no bundle": (["verify", "x"], "network.yaml: cannot be read"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_one_sentence_and_exit_code_2(capsys, tmp_path, monkeypatch, mistake):
    monkeypatch.chdir(tmp_path)
    arguments, message = MISTAKES[mistake]
    assert main(arguments) == 2
    errors = capsys.readouterr().err
    assert ": error: " in errors and errors.count("\n") == 1 and message in errors.replace(": error: ", ": ", 1)
    assert list(tmp_path.iterdir()) == []


def test_existing_folders_are_safe(made, tmp_path, capsys):
    target, other = tmp_path / "int8", tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    assert main(["quantise", str(made[1] / "float"), "-o", str(target)]) == 0
    assert main(["quantise", str(made[1] / "pruned"), "-o", str(target)]) == 2
    assert "already exists; give --force" in capsys.readouterr().err
    assert main(["quantise", str(made[1] / "pruned"), "-o", str(target), "--force"]) == 0
    assert contents(target) == contents(made[1] / "int8")
    assert main(["quantise", str(made[1] / "float"), "-o", str(other), "--force"]) == 2
    assert "was not written by this command" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["int8", "mine"] and (other / "thesis.txt").exists()


def test_files_of_others_stay_beside_a_replaced_folder(made, tmp_path, capsys):
    target, link = tmp_path / "int8", tmp_path / "link"
    link.symlink_to("int8")
    assert main(["quantise", str(made[1] / "float"), "-o", str(target)]) == 0
    (target / "plots" / "empty").mkdir(parents=True)
    (target / "notes.txt").write_text("mine")
    (target / "plots" / "a.svg").write_text("mine too")
    assert main(["quantise", str(made[1] / "pruned"), "-o", str(link)]) == 2
    assert "'notes.txt'" in capsys.readouterr().err
    assert main(["quantise", str(made[1] / "pruned"), "-o", str(link), "--force"]) == 0
    assert link.is_symlink() and (target / "notes.txt").read_text() == "mine"
    assert (target / "plots" / "a.svg").read_text() == "mine too" and (target / "plots" / "empty").is_dir()
    named = ("network.yaml", "provenance.yaml", "files.json")  # after the folder that was given
    ours = {name: data for name, data in contents(made[1] / "int8").items() if name not in named}
    assert {name: contents(target)[name] for name in ours} == ours
    assert sorted(p.name for p in tmp_path.iterdir()) == ["int8", "link"]


def test_killed_writers_are_cleared_away_and_others_are_not(tmp_path):
    killed = tmp_path / ".x.0123456789ab.partial"
    (killed / "old").mkdir(parents=True)
    (killed / "lock").touch()
    (killed / "old" / "marker").write_text("the result of before")
    older = tmp_path / ".y.abcd_123.partial"
    older.mkdir()
    foreign = tmp_path / ".z.0123456789ab.partial"
    foreign.mkdir()
    (foreign / "precious").touch()
    with new_folder(tmp_path / "w", "marker") as outer:
        with new_folder(tmp_path / "y", "marker") as folder:
            (folder / "marker").write_text("whole")
        (outer / "marker").write_text("whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [foreign.name, "w", "x", "y"]
    assert (tmp_path / "x" / "marker").read_text() == "the result of before"
    assert file_list.read(tmp_path / "y") == ("marker", {"marker": file_list.digest(b"whole")})


@pytest.mark.parametrize("place", ["folder", "stdout"])
def test_a_full_disk_is_a_sentence_and_exit_code_2(made, tmp_path, place):
    def most():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    with open("/dev/full", "w") as full:
        options = {"preexec_fn": most} if place == "folder" else {"stdout": full}
        result = run("quantise", made[1] / "float", "-o", tmp_path / "int8", **options)
    assert result.returncode == 2 and ": error: " in result.stderr and result.stderr.count("\n") == 1
    assert "cannot" in result.stderr and "written" in result.stderr or "cannot write" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ([] if place == "folder" else ["int8"])


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_nothing_behind(tmp_path, failure):
    with pytest.raises(failure):
        with new_folder(tmp_path / "x", "marker") as folder:
            (folder / "marker").write_text("half")
            raise failure
    assert list(tmp_path.iterdir()) == []


def test_spoiled_checkpoints_are_refused(made, tmp_path, capsys):
    def attempt(settings=None, parameters=None):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        source = made[1] / "float"
        text = (source / "checkpoint.json").read_bytes() if settings is None else settings
        (folder / "checkpoint.json").write_bytes(text)
        (folder / "parameters.npz").write_bytes(
            (source / "parameters.npz").read_bytes() if parameters is None else parameters
        )
        assert main(["quantise", str(folder), "-o", str(tmp_path / "never")]) == 2
        return capsys.readouterr().err

    original = json.loads((made[1] / "float" / "checkpoint.json").read_text())
    assert "is not valid JSON" in attempt(settings=b"{")
    assert "is not a version 1 checkpoint" in attempt(settings=b"[]")
    assert "lacks network" in attempt(
        settings=json.dumps({k: v for k, v in original.items() if k != "network"}).encode()
    )
    assert "unknown network 'other'" in attempt(settings=json.dumps({**original, "network": "other"}).encode())
    assert "cannot be read" in attempt(parameters=b"nonsense")
    assert "cannot be read" in attempt(parameters=(made[1] / "float" / "parameters.npz").read_bytes()[:5000])


def test_parameters_of_another_network_are_refused(made, tmp_path, capsys):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "checkpoint.json").write_bytes((made[1] / "float" / "checkpoint.json").read_bytes())
    np.savez(tmp_path / "c" / "parameters.npz", **{"conv1.weight": np.zeros((2, 2), np.float32)})
    assert main(["quantise", str(tmp_path / "c"), "-o", str(tmp_path / "never")]) == 2
    assert "does not fit network 'digits'" in capsys.readouterr().err


def test_missing_library_is_a_mistake(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(["train", "-o", str(tmp_path / "x")]) == 2
    assert "lacks the Python module 'torch'; install it: apt-get install python3-torch" in capsys.readouterr().err


def test_options_say_their_range():
    option = Option("rate", float, 0.5, "How fast.", minimum=0.0, below=1.0)
    assert option.describe() == "How fast. (>= 0.0 and < 1.0; default 0.5)" and option.flag == "--rate"
