# SPDX-License-Identifier: Apache-2.0
"""The Pareto front: points that no other point beats in every objective."""
import bisect

import numpy as np

from results import choice


def front(costs):
    """bool (n,): the rows of `costs` (n, k <= 3), smaller is better, that no other row dominates.

    A row dominates another if it is nowhere larger and somewhere smaller, so equal rows are on the front together.
    A row with a NaN is never on the front and dominates none. Takes n log n steps, but for shifts of a list.
    """
    costs = np.asarray(costs, dtype=float)
    if costs.shape[1] > 3:
        raise ValueError("more than three objectives")
    costs = np.hstack([costs, np.zeros((len(costs), 3 - costs.shape[1]))])
    on_front = np.zeros(len(costs), dtype=bool)
    known = np.flatnonzero(~np.isnan(costs).any(axis=1))
    if len(known) == 0:
        return on_front
    different, index = np.unique(costs[known], axis=0, return_inverse=True)
    on_front[known] = _staircase(different)[index.reshape(-1)]
    return on_front


def _staircase(rows):
    """bool (n,) for rows (n, 3) that are sorted and differ: only an earlier row can dominate a later one, and it does
    where it is no larger in the last two columns. Of those pairs only the undominated ones are kept, as a staircase
    of rising second and falling third values."""
    second, third = [], []
    kept = np.zeros(len(rows), dtype=bool)
    for number, (_, y, z) in enumerate(rows.tolist()):
        place = bisect.bisect_right(second, y)
        if place and third[place - 1] <= z:
            continue
        kept[number] = True
        begin = bisect.bisect_left(second, y)
        end = begin
        while end < len(third) and third[end] >= z:
            end += 1
        second[begin:end] = [y]
        third[begin:end] = [z]
    return kept


def of_sweep(sweep):
    """(objectives, bool Series over sweep.done): the front of accuracy, energy and latency, as far as they are known."""
    done = sweep.done
    objectives = choice.objectives(sweep)
    if not objectives:
        return [], done["status"].eq("")
    costs = np.column_stack([-done[name] if choice.more_is_better(name) else done[name] for name in objectives])
    return objectives, done["status"].eq("done") & front(costs)
