// SPDX-License-Identifier: Apache-2.0
// The points of the sweep: columns that are decoded when they are first used, filters, and numbers as text.
"use strict";
const sweep = report.data("sweep");
sweep.byName = new Map(sweep.columns.map((column) => [column.name, column]));
sweep.axes = sweep.columns.filter((column) => column.role === "axis");
sweep.metrics = sweep.columns.filter((column) => column.role === "metric" && column.varies);
sweep.selected = new Map(); // axis -> Set of the level numbers that are shown; absent: all

sweep.bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// Values of a column by point: numbers or texts, null (codes) or NaN (doubles) where not known.
sweep.values = (name) => {
  const column = sweep.byName.get(name);
  if (column.values) return column.values;
  if (column.texts) column.values = column.texts;
  else if (column.doubles) column.values = new Float64Array(sweep.bytes(column.doubles).buffer);
  else column.values = Array.from(sweep.codes(name), (code) => column.levels[code] ?? null);
  return column.values;
};
// Number of the level by point, for columns that have levels.
sweep.codes = (name) => {
  const column = sweep.byName.get(name);
  const bytes = column.decoded ?? sweep.bytes(column.codes);
  return column.decoded ??= column.bits === 8 ? bytes : new Uint16Array(bytes.buffer);
};
// Different values of a column, rising where they are numbers.
sweep.levels = (name) => {
  const column = sweep.byName.get(name);
  if (column.levels && column.role === "axis") return column.levels;
  return column.rising ??= [...new Set(column.levels ?? sweep.values(name))].filter(sweep.known).sort((a, b) => a - b);
};
sweep.isText = (name) => typeof sweep.levels(name)[0] === "string";
sweep.known = (value) => value !== null && !Number.isNaN(value);

// Indices of the simulated points that the filters let through.
sweep.shown = () => sweep.cache ??= (() => {
  const status = sweep.values("status");
  const tests = [...sweep.selected].map(([name, levels]) => [sweep.byName.get(name).levels ? sweep.codes(name) : null, levels]);
  const found = [];
  for (let i = 0; i < sweep.points; i++) {
    if (status[i] === "done" && tests.every(([codes, levels]) => !codes || levels.has(codes[i]))) found.push(i);
  }
  return found;
})();

sweep.prefixes = [[1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"], [1e-15, "f"], [1e-18, "a"]];
sweep.takesPrefix = new Set(["J", "s", "W", "Hz", "B", "bits"]);
sweep.digits = (value, digits) => String(Number(value.toPrecision(digits)));
// A value of a column as people read it.
sweep.text = (name, value, digits = 5) => {
  const column = sweep.byName.get(name);
  if (!sweep.known(value)) return "–";
  if (typeof value !== "number") return value;
  if (column.fraction) return `${sweep.digits(100 * value, digits)} %`;
  if (value === 0 || column.role === "axis" || (column.unit && !sweep.takesPrefix.has(column.unit))) return `${sweep.digits(value, digits)} ${column.unit}`.trim();
  if (!column.unit) return Number.isInteger(value) ? value.toLocaleString("en") : sweep.digits(value, digits);
  const size = Math.abs(Number(value.toPrecision(digits)));
  const [scale, prefix] = sweep.prefixes.find(([one]) => size >= one) ?? sweep.prefixes.at(-1);
  return `${sweep.digits(value / scale, digits)} ${prefix}${column.unit}`;
};

sweep.label = (name) => sweep.byName.get(name).label;
// Mean of a metric by the value of another column, over some points: [{value, mean, count}] in the order of the levels.
sweep.means = (points, by, metric) => {
  const keys = sweep.values(by), values = sweep.values(metric), sums = new Map();
  for (const i of points) {
    if (!sweep.known(keys[i]) || !sweep.known(values[i])) continue;
    const entry = sums.get(keys[i]) ?? sums.set(keys[i], {value: keys[i], sum: 0, count: 0}).get(keys[i]);
    entry.sum += values[i];
    entry.count += 1;
  }
  return sweep.levels(by).filter((level) => sums.has(level)).map((level) => {
    const {value, sum, count} = sums.get(level);
    return {value, mean: sum / count, count};
  });
};
// At most `most` of the points, evenly taken.
sweep.sample = (points, most) => {
  if (points.length <= most) return points;
  return Array.from({length: most}, (_, k) => points[Math.floor(k * points.length / most)]);
};
