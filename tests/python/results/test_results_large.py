# SPDX-License-Identifier: Apache-2.0
"""A sweep of 100,000 points."""
import time

import pytest

import results
from results import pareto
from results.cli import main
from results_sweeps import write_sweep

LIMIT_S = 30
MOST_BYTES = 60e6


@pytest.mark.slow
def test_report_of_many_points_is_made_in_time(tmp_path):
    folder = write_sweep(tmp_path / "s", replicates=1667, more_metrics=40)
    started = time.process_time()
    assert main(["report", str(folder)]) == 0
    assert time.process_time() - started < LIMIT_S
    assert (folder / "report.html").stat().st_size < MOST_BYTES


@pytest.mark.slow
def test_front_of_many_points_is_found_in_time(tmp_path):
    sweep = results.load_sweep(write_sweep(tmp_path / "s", replicates=1667))
    started = time.process_time()
    _, on_front = pareto.of_sweep(sweep)
    assert time.process_time() - started < LIMIT_S / 6
    assert 0 < on_front.sum() < len(on_front) / 10
