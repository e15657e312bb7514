# SPDX-License-Identifier: Apache-2.0
"""The Pareto front against its definition."""
import numpy as np
import pytest

import results
from results import pareto


def by_definition(costs):
    """bool (n,) by comparing every pair."""
    known = ~np.isnan(costs).any(axis=1)
    front = known.copy()
    for i in np.flatnonzero(known):
        others = costs[known]
        front[i] = not ((others <= costs[i]).all(axis=1) & (others < costs[i]).any(axis=1)).any()
    return front


@pytest.mark.parametrize("levels", [2, 5, 1000])
@pytest.mark.parametrize("objectives", [1, 2, 3])
def test_front_is_what_the_definition_says(objectives, levels):
    random = np.random.default_rng(objectives * 1000 + levels)
    for count in (0, 1, 2, 7, 60, 200):
        costs = random.integers(0, levels, (count, objectives)).astype(float)
        costs[random.random(costs.shape) < 0.03] = np.nan
        assert np.array_equal(pareto.front(costs), by_definition(costs))


def test_points_on_a_plane_are_all_on_the_front():
    random = np.random.default_rng(0)
    costs = random.random((300, 3))
    costs[:, 2] = 2 - costs[:, 0] - costs[:, 1]
    assert pareto.front(costs).all()


def test_equal_points_are_on_the_front_together():
    assert pareto.front([[1, 2], [1, 2], [2, 1], [2, 2]]).tolist() == [True, True, True, False]


def test_four_objectives_are_refused():
    with pytest.raises(ValueError, match="three"):
        pareto.front(np.zeros((2, 4)))


def test_front_of_a_sweep_wants_high_accuracy_and_little_else(sweep_folder):
    sweep = results.load_sweep(sweep_folder)
    objectives, on_front = pareto.of_sweep(sweep)
    assert objectives == ["accuracy_top1", "energy_per_image_j", "latency_s"]
    done = sweep.done
    expected = by_definition(np.column_stack([-done["accuracy_top1"], done["energy_per_image_j"], done["latency_s"]]))
    assert np.array_equal(on_front.to_numpy(), expected)
    assert on_front[done["accuracy_top1"].idxmax()] or (done["accuracy_top1"] == done["accuracy_top1"].max()).sum() > 1
