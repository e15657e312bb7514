# SPDX-License-Identifier: Apache-2.0
"""Squeezing, row grouping, input alignment, zero skipping and balanced replication: the simulator against the NumPy reference, exactly."""
import pytest

import random_cases as rc
import squeeze_cases as sc
from comparison import base_of, expect_right

FAST, SLOW = 100, 220
FAST_BALANCED, SLOW_BALANCED = 20, 60


def run_squeezed(squeezebar, repository, folder, number):
    case = sc.make_case(sc.SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run")


@pytest.mark.parametrize("number", range(FAST))
def test_squeezed_network(squeezebar, repository, tmp_path, number):
    run_squeezed(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST, FAST + SLOW))
def test_more_squeezed_networks(squeezebar, repository, tmp_path, number):
    run_squeezed(squeezebar, repository, tmp_path, number)


def run_balanced(squeezebar, repository, folder, number):
    case = sc.make_balanced_case(sc.SEED, number)
    config = rc.write_case(case, folder / "case", base_of(repository, number))
    expect_right(case, squeezebar("run", config, "-o", folder / "run"), folder / "run", sc.replicated)


@pytest.mark.parametrize("number", range(FAST_BALANCED))
def test_balanced_network(squeezebar, repository, tmp_path, number):
    run_balanced(squeezebar, repository, tmp_path, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(FAST_BALANCED, FAST_BALANCED + SLOW_BALANCED))
def test_more_balanced_networks(squeezebar, repository, tmp_path, number):
    run_balanced(squeezebar, repository, tmp_path, number)
