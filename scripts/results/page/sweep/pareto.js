// SPDX-License-Identifier: Apache-2.0
// The Pareto front: the same rule as results/pareto.py, over the points that the filters let through.
"use strict";
sweep.front = (points, objectives) => {
  const costs = [0, 1, 2].map((k) => {
    const name = objectives[k];
    if (!name) return () => 0;
    const values = sweep.values(name), sign = sweep.byName.get(name).more ? -1 : 1;
    return (i) => sign * values[i];
  });
  const known = points.filter((i) => objectives.every((name) => sweep.known(sweep.values(name)[i])));
  const [a, b, c] = costs;
  const order = [...known].sort((i, j) => a(i) - a(j) || b(i) - b(j) || c(i) - c(j));
  const kept = new Set(), second = [], third = []; // a staircase: second rises, third falls
  let previous = null;
  for (const i of order) {
    const y = b(i), z = c(i);
    if (previous !== null && a(previous) === a(i) && b(previous) === y && c(previous) === z) {
      if (kept.has(previous)) kept.add(i);
      previous = i;
      continue;
    }
    previous = i;
    const place = sweep.bisect(second, y, true);
    if (place && third[place - 1] <= z) continue;
    kept.add(i);
    const begin = sweep.bisect(second, y, false);
    let end = begin;
    while (end < third.length && third[end] >= z) end++;
    second.splice(begin, end - begin, y);
    third.splice(begin, end - begin, z);
  }
  return kept;
};
// Where `value` goes in a rising list: behind its equals (`right`) or before them.
sweep.bisect = (list, value, right) => {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value || (right && list[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
};
