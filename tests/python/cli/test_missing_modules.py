# SPDX-License-Identifier: Apache-2.0
"""A Python module that is not installed is one sentence with its install command, wherever it is imported.

The modules are those that the packages' own files import, so that a new one is covered by itself.
"""
import ast
import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
PACKAGES = ("prune", "results", "search")
SYSTEM = "/usr/bin/python3"
NOT_PACKAGED = {"pyarrow"}  # its one use says so itself
CALLED = ("results", "search")  # by the simulator, and `prune` where they import it
BLOCKED = """\
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {name!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocked())
"""


@functools.cache
def imported(folder):
    """Top-level names of what the files of a folder import, also late, that is neither Python's nor ours."""
    names = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - set(PACKAGES)


MODULES = sorted(set().union(*(imported(SCRIPTS / package) for package in PACKAGES)))


@pytest.fixture(scope="module")
def folders(squeezebar, repository, tmp_path_factory):
    """A run, a sweep, a spec of a search, a checkpoint and a file to import."""
    folder = tmp_path_factory.mktemp("folders")
    config = repository / "configs/examples/digits_sme.yaml"
    (folder / "sweep.yaml").write_text(f"version: 1\nbase: {config}\nset: {{run.images: 1}}\naxes: {{adc.bits: [4, 5]}}\n")
    (folder / "search.yaml").write_text(
        f"version: 1\nbase: {config}\nset: {{run.images: 1}}\nsearch:\n  trials: 2\n  population: 2\n"
        "  objectives: {energy_per_image_j: minimize}\n  axes: {adc.bits: [4, 5]}\n"
    )
    for words in (("run", config, "--set", "run.images=1", "-o", folder / "run"),
                  ("sweep", folder / "sweep.yaml", "-o", folder / "sweep", "--no-report")):
        result = squeezebar(*words)
        assert result.returncode == 0, result.stderr
    (folder / "file.th").write_bytes(b"no network")
    return folder


def commands(folders, checkpoint, out):
    """One of each kind: between them they come to every import."""
    return {
        "help of prune": ("prune", "--help"),
        "train": ("prune", "train", "--epochs", "1", "-o", out / "train"),
        "import": ("prune", "import", folders / "file.th", "--network", "resnet20", "-o", out / "import"),
        "evaluate": ("prune", "evaluate", checkpoint),
        "quantise": ("prune", "quantise", checkpoint, "-o", out / "quantised"),
        "report of a run": ("results", "report", folders / "run", "-o", out / "run.html"),
        "report of a sweep": ("results", "report", folders / "sweep", "-o", out / "sweep.html"),
        "figures": ("results", "figures", folders / "run", "-o", out / "figures"),
        "parquet": ("results", "export", folders / "sweep", "--format", "parquet", "-o", out / "points.parquet"),
        "search": ("search", folders / "search.yaml", "-o", out / "search"),
    }


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoint") / "float"
    result = start(SYSTEM, ("prune", "train", "--epochs", "1", "-o", folder), {})
    if "lacks the Python module" in result.stderr:
        pytest.skip("training needs PyTorch")
    assert result.returncode == 0, result.stderr
    return folder


def start(interpreter, words, environment):
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), **environment}
    return subprocess.run([str(interpreter), "-m", *map(str, words)], env=environment, text=True, capture_output=True,
                          timeout=120, check=False)


def blocked(tmp_path, name):
    """A folder in PYTHONPATH that takes the module away."""
    folder = tmp_path / "blocked"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(BLOCKED.format(name=name))
    return folder


def sentence(name):
    install = "-m pip install pyarrow" if name in NOT_PACKAGED else rf"apt-get install python3-{name.lower()}"
    return re.compile(rf"(\w+: )?error: \S+ lacks the Python module '{name}'; install it: (\S+ )?{install}\n\Z")


@pytest.mark.parametrize("name", MODULES)
def test_a_missing_module_is_one_sentence(folders, checkpoint, squeezebar_binary, tmp_path, name):
    environment = {"PYTHONPATH": f"{blocked(tmp_path, name)}:{SCRIPTS}", "SQUEEZEBAR": str(squeezebar_binary)}
    told = 0
    for words in commands(folders, checkpoint, tmp_path).values():
        if name not in imported(SCRIPTS / words[0]) | imported(SCRIPTS / "prune"):
            continue
        result = start(SYSTEM, words, environment)
        assert "Traceback" not in result.stderr, result.stderr
        if "lacks the Python module" in result.stderr:
            told += 1
            assert result.returncode == 2 and sentence(name).search(result.stderr), result.stderr
            assert len(result.stderr.splitlines()) == 1
    assert told > 0


@pytest.mark.parametrize("name", sorted(set().union(*(imported(SCRIPTS / package) for package in CALLED)) - NOT_PACKAGED))
def test_quickstart_installs_what_reports_and_searches_need(name):
    assert f"python3-{name.lower()}" in packages("results"), "enter it in results_packages of scripts/lib/packages.sh"


@pytest.mark.parametrize("name", [name for name in MODULES if name not in NOT_PACKAGED])
def test_the_tests_install_what_all_packages_need(name):
    assert f"python3-{name.lower()}" in packages("results", "python")


def test_quickstart_leaves_pytorch_out():
    words = (SCRIPTS / "quickstart").read_text(encoding="utf-8").split("install_packages ")[1].split(";")[0].split()
    assert "results" in words and "python3-torch" not in packages(*words)


def packages(*purposes):
    show = "; ".join(f'echo "${{{purpose}_packages[@]}}"' for purpose in purposes)
    command = ["bash", "-c", f". {SCRIPTS}/lib/packages.sh; {show}"]
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout.split()


@pytest.mark.parametrize("name", ["jsonschema", "numpy", "plotly"])
def test_the_simulator_hands_the_sentence_on(folders, squeezebar, tmp_path, name):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={blocked(tmp_path, name)}:$PYTHONPATH exec {SYSTEM} "$@"\n')
    python.chmod(0o755)
    environment = {**os.environ, "PYTHON": str(python)}
    result = squeezebar("report", folders / "run", "-o", tmp_path / "x.html", env=environment)
    assert result.returncode == 2 and sentence(name).search(result.stderr), result.stderr
    result = squeezebar("sweep", folders / "sweep.yaml", "-o", tmp_path / "sweep", env=environment)
    assert f"lacks the Python module '{name}'" in result.stderr and "Traceback" not in result.stderr
    assert "no report.html was made" in result.stderr and (tmp_path / "sweep" / "table.csv").exists()


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An interpreter without the distribution's packages, which comes first in PATH on some systems."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    made = subprocess.run([SYSTEM, "-m", "venv", "--without-pip", folder], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no bare interpreter: {made.stderr}")
    return folder / "bin" / "python3"


def test_the_interpreter_with_the_packages_is_found(folders, bare, tmp_path):
    path = {"PATH": f"{bare.parent}:{os.environ['PATH']}"}
    assert start(bare, ("prune", "--help"), path).stdout == start(SYSTEM, ("prune", "--help"), {}).stdout
    result = start("python3", ("results", "report", folders / "run", "-o", tmp_path / "x.html"), path)
    assert (result.returncode, result.stderr) == (0, "") and (tmp_path / "x.html").exists()


def test_a_named_interpreter_is_taken_at_its_word(folders, bare, tmp_path):
    result = start(bare, ("results", "report", folders / "run", "-o", tmp_path / "x.html"), {"PYTHON": str(bare)})
    assert result.returncode == 2 and f"{bare} lacks the Python module" in result.stderr
    assert result.stderr.endswith(f", for {SYSTEM}, and unset PYTHON\n") and result.stderr.count("\n") == 1
