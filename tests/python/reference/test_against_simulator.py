# SPDX-License-Identifier: Apache-2.0
"""The simulator against the NumPy reference: every output code and every count of random networks, exactly."""
import re

import pytest

import calibration as cal
import hardware as hw
import network as nw
import random_cases as rc
from comparison import base_of, expect_right

FAST, SLOW = 80, 300
FAST_GRAPHS, SLOW_GRAPHS = 30, 120
FAST_RESOLUTIONS, SLOW_RESOLUTIONS = 60, 240
FAST_CALIBRATIONS, SLOW_CALIBRATIONS = 48, 120


def run_random(squeezebar, repository, folder, number):
    case = rc.make_case(rc.SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run")


def run_resolutions(squeezebar, repository, folder, number):
    case = rc.make_resolution_case(rc.RESOLUTION_SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run")


def run_calibration(squeezebar, repository, folder, number):
    case = rc.make_calibration_case(rc.CALIBRATION_SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    made = squeezebar("calibrate", config, "--images", case.samples)
    assert made.returncode == 0, f"{case.describe()}\n{made.stderr}"
    sums = nw.column_sums(case.network, case.inputs[: case.samples], hw.read_hardware(case.config))
    problems = cal.stored_differences(folder / "case" / "calibration", sums)
    assert not problems, "\n".join([case.describe(), *problems])
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run")


def run_graph(squeezebar, repository, folder, number):
    """Small buffers: either the right results, or a refusal that names a buffer, as `check` gives it."""
    case = rc.make_graph_case(rc.GRAPH_SEED, number)
    base = base_of(repository, number)
    config = rc.write_case(case, folder / "case", base)
    result = squeezebar("run", config, "-o", folder / "run")
    checked = squeezebar("check", config)
    assert checked.returncode == result.returncode, f"{case.describe()}\ncheck: {checked.stderr}\n{result.stderr}"
    if result.returncode == 0:
        expect_right(case, result, folder / "run")
        return
    assert result.returncode == 2, f"{case.describe()}\n{result.stderr}"
    complaints = [line for line in result.stderr.splitlines() if re.search(r"error: buffer\.", line)]
    assert complaints, f"no buffer is named: {case.describe()}\n{result.stderr}"
    assert all(line in checked.stderr for line in complaints), f"check says otherwise:\n{checked.stderr}"
    assert not (folder / "run").exists(), "a refused run left a folder"
    ample = rc.write_config(case.config | {"buffer": rc.LARGE_BUFFERS}, folder / "case" / "ample.yaml", base)
    expect_right(case, squeezebar("run", ample, "-o", folder / "ample"), folder / "ample")


@pytest.mark.parametrize("number", range(FAST))
def test_random_network(squeezebar, repository, tmp_path, number):
    run_random(squeezebar, repository, tmp_path, number)


@pytest.mark.parametrize("number", range(FAST_GRAPHS))
def test_random_graph(squeezebar, repository, tmp_path, number):
    run_graph(squeezebar, repository, tmp_path, number)


@pytest.mark.parametrize("number", range(FAST_RESOLUTIONS))
def test_a_resolution_for_each_crossbar(squeezebar, repository, tmp_path, number):
    run_resolutions(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_RESOLUTIONS, FAST_RESOLUTIONS + SLOW_RESOLUTIONS))
def test_more_resolutions_for_each_crossbar(squeezebar, repository, tmp_path, number):
    run_resolutions(squeezebar, repository, tmp_path, number)


@pytest.mark.parametrize("number", range(FAST_CALIBRATIONS))
def test_calibrated_steps(squeezebar, repository, tmp_path, number):
    run_calibration(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_CALIBRATIONS, FAST_CALIBRATIONS + SLOW_CALIBRATIONS))
def test_more_calibrated_steps(squeezebar, repository, tmp_path, number):
    run_calibration(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST, FAST + SLOW))
def test_more_random_networks(squeezebar, repository, tmp_path, number):
    run_random(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_GRAPHS, FAST_GRAPHS + SLOW_GRAPHS))
def test_more_random_graphs(squeezebar, repository, tmp_path, number):
    run_graph(squeezebar, repository, tmp_path, number)
