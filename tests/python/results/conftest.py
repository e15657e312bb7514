# SPDX-License-Identifier: Apache-2.0
"""Puts the package on the path of its tests, and makes the folders that they read."""
import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
os.environ.setdefault("MPLBACKEND", "agg")

import results_browser  # noqa: E402
from results_sweeps import write_sweep  # noqa: E402


@pytest.fixture(scope="session")
def run_folders(squeezebar, repository, tmp_path_factory):
    """Folders of three small runs: `sme`, `clipped` (ISAAC's chip with an ADC of 6 bits) and `values` (no times)."""
    base = tmp_path_factory.mktemp("runs")
    examples = repository / "configs" / "examples"
    cases = {
        "sme": ("digits_sme.yaml", "run.images=4"),
        "clipped": ("digits_isaac.yaml", "run.images=2", "adc.bits=6"),
        "values": ("digits_sme.yaml", "run.images=1", "run.function=values"),
    }
    for name, (config, *settings) in cases.items():
        done = squeezebar(
            "run", examples / config, "-q", "-o", base / name, *[word for one in settings for word in ("--set", one)]
        )
        assert done.returncode == 0, done.stderr
    return base


@pytest.fixture(scope="session")
def browser():
    driver = results_browser.started()
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def sweep_folder(tmp_path_factory):
    """The folder of a sweep of 120 points, to be read only."""
    return write_sweep(tmp_path_factory.mktemp("sweep") / "table")


@pytest.fixture
def broken_run(run_folders, tmp_path):
    """A copy of a run to spoil."""
    return Path(shutil.copytree(run_folders / "sme", tmp_path / "run"))


@pytest.fixture
def broken_sweep(sweep_folder, tmp_path):
    return Path(shutil.copytree(sweep_folder, tmp_path / "sweep"))
