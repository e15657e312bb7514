// SPDX-License-Identifier: Apache-2.0
// The charts: each a function of what was chosen beside it, which returns a Plotly figure.
"use strict";
const charts = {};
charts.colours = sweep.colours;
// From low to high: told apart with every common colour blindness, and seen on white and on black.
charts.scale = [[0, "#2f5fa8"], [0.34, "#2a9d8f"], [0.67, "#c9b52b"], [1, "#d9601a"]];
charts.name = (axis, level) => (sweep.isText(axis) ? String(level) : `${axis} ${level}`);
charts.axis = (name, log = false) => {
  const column = sweep.byName.get(name), axis = {title: {text: column.label}};
  if (sweep.isText(name)) return {...axis, type: "category", categoryorder: "array", categoryarray: sweep.levels(name)};
  if (column.role === "axis" && sweep.levels(name).length <= 12 && !log) axis.tickvals = sweep.levels(name);
  if (column.fraction) axis.tickformat = ".2~%";
  else if (sweep.takesPrefix.has(column.unit)) Object.assign(axis, {exponentformat: "SI", ticksuffix: column.unit});
  else if (column.role === "metric") Object.assign(axis, {exponentformat: "SI", title: {text: column.label + (column.unit && !column.label.includes(column.unit) ? ` (${column.unit})` : "")}});
  return log ? {...axis, type: "log", tickvals: undefined} : axis;
};
charts.pick = (name, points) => { const values = sweep.values(name); return points.map((i) => values[i]); };
charts.hover = (points, names) => points.map((i) => `<b>point ${sweep.values("point")[i]}</b><br>` +
  names.map((name) => `${sweep.label(name)}: ${sweep.text(name, sweep.values(name)[i])}`).join("<br>"));

charts.pareto = ({x, y, colour, objectives, logX, logY}) => {
  const points = sweep.shown().filter((i) => sweep.known(sweep.values(x)[i]) && sweep.known(sweep.values(y)[i]));
  const front = sweep.front(points, objectives);
  const type = points.length > 3000 ? "scattergl" : "scatter";
  const best = points.filter((i) => front.has(i)), rest = points.filter((i) => !front.has(i));
  const names = [...new Set([...sweep.varyingAxes(), y, x, colour])];
  const trace = (some, marker, more) => ({type, mode: "markers", x: charts.pick(x, some), y: charts.pick(y, some), customdata: some, marker, ...more});
  const ticks = charts.ticks(charts.pick(colour, best).filter(sweep.known));
  const bar = {thickness: 10, outlinewidth: 0, title: {text: sweep.label(colour), side: "right", font: {size: 12}}, tickvals: ticks, ticktext: charts.tickTexts(colour, ticks)};
  return {
    counts: {points: points.length, front: best.length},
    data: [
      trace(rest, {color: "#9aa3ad", size: points.length > 3000 ? 3 : 6, opacity: points.length > 3000 ? 0.4 : 0.6}, {name: "dominated", text: rest.length > 5000 ? undefined : charts.hover(rest, names), hovertemplate: (rest.length > 5000 ? "%{x}, %{y}" : "%{text}") + "<extra></extra>"}),
      trace(best, {color: charts.pick(colour, best), colorscale: charts.scale, size: 11, colorbar: bar, line: {width: 1, color: report.color("text")}}, {name: "Pareto front", text: charts.hover(best.slice(0, 5000), names), hovertemplate: "%{text}<extra></extra>"}),
    ],
    layout: {xaxis: charts.axis(x, logX), yaxis: charts.axis(y, logY)},
  };
};

// Means of y over x, a line for each value of `group`; points behind them; a band for the spread over ADC cost models.
charts.trend = ({x, y, group, logY, spread}) => {
  const points = sweep.shown().filter((i) => sweep.known(sweep.values(x)[i]) && sweep.known(sweep.values(y)[i]));
  const groups = group ? sweep.levels(group).slice(0, charts.colours.length) : [null];
  const data = [], names = [...new Set([...sweep.varyingAxes(), x, y])];
  groups.forEach((level, k) => {
    const own = group ? points.filter((i) => sweep.values(group)[i] === level) : points;
    const name = group ? charts.name(group, level) : "mean", colour = charts.colours[k];
    if (!own.length) return;
    if (spread) data.push(...charts.band(own, x, y, colour, name));
    const some = spread ? [] : sweep.sample(own, Math.floor(2000 / groups.length));
    data.push({type: "scatter", mode: "markers", x: charts.pick(x, some), y: charts.pick(y, some), customdata: some, text: charts.hover(some, names), hovertemplate: "%{text}<extra></extra>", marker: {color: colour, size: 6, opacity: 0.3}, legendgroup: name, showlegend: false});
    if (sweep.levels(x).length > 60) return;
    const means = sweep.means(own, x, y);
    data.push({type: "scatter", mode: "lines+markers", name, legendgroup: name, line: {color: colour, width: 2}, marker: {color: colour, size: 7}, x: means.map((m) => m.value), y: means.map((m) => m.mean), text: means.map((m) => `${sweep.label(x)} ${sweep.text(x, m.value)}<br>mean of ${m.count} points: ${sweep.text(y, m.mean)}`), hovertemplate: (group ? `<b>${name}</b><br>` : "") + "%{text}<extra></extra>"});
  });
  return {data, layout: {xaxis: charts.axis(x), yaxis: charts.axis(y, logY)}};
};

// From the lowest to the highest mean of y under each ADC cost model, y being energy_j or a share of it.
charts.band = (points, x, y, colour, name) => {
  const energy = sweep.values("energy_j"), own = sweep.values(y);
  const means = [y, ...sweep.adcModels].map((model) => {
    const values = sweep.values(model), sums = new Map();
    for (const i of points) {
      if (!sweep.known(values[i]) || !sweep.known(own[i])) continue;
      const value = model === y ? own[i] : values[i] * (own[i] / energy[i]);
      const entry = sums.get(sweep.values(x)[i]) ?? [0, 0];
      sums.set(sweep.values(x)[i], [entry[0] + value, entry[1] + 1]);
    }
    return {model: model === y ? "the model of the run" : model.slice("energy_by_adc_model_j.".length), sums};
  });
  const rows = sweep.levels(x).flatMap((level) => {
    const values = means.flatMap(({model, sums}) => sums.has(level) ? [{model, value: sums.get(level)[0] / sums.get(level)[1]}] : []);
    values.sort((a, b) => a.value - b.value);
    return values.length ? [{level, low: values[0], high: values.at(-1)}] : [];
  });
  const edge = (end, more) => ({type: "scatter", mode: "lines", x: rows.map((row) => row.level), y: rows.map((row) => row[end].value), text: rows.map((row) => `${end === "low" ? "lowest" : "highest"}: ${row[end].model}, ${sweep.text(y, row[end].value)}`), hovertemplate: "%{text}<extra></extra>", line: {color: colour, width: 0.5}, legendgroup: name, showlegend: false, ...more});
  return [edge("low"), edge("high", {fill: "tonexty", fillcolor: charts.faint(colour)})];
};
charts.faint = (colour) => {
  const shown = report.tinted(colour);
  return `rgba(${[1, 3, 5].map((k) => parseInt(shown.slice(k, k + 2), 16)).join(",")},0.22)`;
};

charts.parallel = ({colour}) => {
  const all = sweep.shown().filter((i) => sweep.known(sweep.values(colour)[i]));
  const points = sweep.sample(all, 2000);
  const dimension = (name) => {
    const label = sweep.byName.get(name).label.replace(/ \(.*\)/, "");
    if (sweep.isText(name) || sweep.byName.get(name).role === "axis" && sweep.levels(name).length <= 12) {
      const levels = sweep.levels(name), index = new Map(levels.map((level, k) => [level, k]));
      return {label, values: charts.pick(name, points).map((value) => index.get(value)), tickvals: levels.map((_, k) => k), ticktext: levels.map(String), range: [0, Math.max(1, levels.length - 1)]};
    }
    const values = charts.pick(name, points), ticks = charts.ticks(values.filter(sweep.known));
    return {label, values, tickvals: ticks, ticktext: charts.tickTexts(name, ticks)};
  };
  const names = [...sweep.varyingAxes().slice(0, 8), ...new Set([...sweep.objectives, colour])];
  const dimensions = names.map(dimension);
  const longest = Math.max(...dimensions[0].ticktext.map((text) => text.length));
  return {
    counts: {points: all.length, drawn: points.length},
    data: [{type: "parcoords", dimensions, labelangle: report.narrow() ? -18 : 0, labelfont: {size: 12}, tickfont: {size: 11}, rangefont: {size: 1, color: "rgba(0,0,0,0)"},
      line: {color: charts.pick(colour, points), colorscale: charts.scale, showscale: false}}],
    layout: {margin: {l: Math.max(24 + 7 * longest, 4 * dimensions[0].label.length), r: 60, t: report.narrow() ? 70 : 44, b: 18}},
  };
};
charts.ticks = (values) => {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity), high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return low === high ? [low] : Array.from({length: 6}, (_, k) => low + (high - low) * k / 5);
};

// With as many digits as it takes to tell neighbours apart.
charts.tickTexts = (name, ticks) => {
  const texts = (digits) => ticks.map((value) => sweep.text(name, value, digits));
  const digits = [3, 4, 5, 6, 7, 8].find((count) => new Set(texts(count)).size === ticks.length);
  return texts(digits ?? 9);
};

// Value -> what stands for it in means: itself, or of more than 20 numbers one of 10 ranges with about as many points each.
sweep.ranges = (values) => {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= 20 || typeof values[0] === "string") return new Map([...counts.keys()].map((value) => [value, value]));
  const rising = [...counts.keys()].sort((a, b) => a - b), ranges = [];
  let before = 0;
  for (const value of rising) {
    const place = Math.floor(before * 10 / values.length);
    before += counts.get(value);
    if (ranges.at(-1)?.place !== place) ranges.push({place, values: []});
    ranges.at(-1).values.push(value);
  }
  const text = (value) => sweep.digits(value, 6);
  return new Map(ranges.flatMap(({values: own}) => own.map((value) => [value, `${text(own[0])} to ${text(own.at(-1))}`])));
};
// Range of the mean of a metric over the values of each axis: the same rule as results/sensitivity.py.
sweep.effects = (metric) => sweep.axes.flatMap((axis) => {
  const measured = sweep.values(metric), points = sweep.shown().filter((i) => sweep.known(measured[i]));
  const ranges = sweep.ranges(charts.pick(axis.name, points)), keys = sweep.values(axis.name), sums = new Map();
  for (const i of points) {
    const entry = sums.get(ranges.get(keys[i])) ?? sums.set(ranges.get(keys[i]), [0, 0]).get(ranges.get(keys[i]));
    entry[0] += measured[i];
    entry[1] += 1;
  }
  const means = [...sums].map(([value, [sum, count]]) => ({value, mean: sum / count})).sort((a, b) => a.mean - b.mean);
  return means.length > 1 ? [{axis: axis.name, low: means[0], high: means.at(-1), effect: means.at(-1).mean - means[0].mean}] : [];
}).sort((a, b) => b.effect - a.effect);
charts.sensitivity = ({metric}) => {
  const rows = sweep.effects(metric), axis = charts.axis(metric);
  return {
    data: [{type: "bar", orientation: "h", y: rows.map((row) => sweep.label(row.axis)), x: rows.map((row) => row.effect), marker: {color: charts.colours[0]},
      text: rows.map(({axis: name, low, high, effect}) => `range ${sweep.text(metric, effect)}<br>lowest mean ${sweep.text(metric, low.mean)} at ${sweep.text(name, low.value)}<br>highest mean ${sweep.text(metric, high.mean)} at ${sweep.text(name, high.value)}`), textposition: "none", hovertemplate: "<b>%{y}</b><br>%{text}<extra></extra>"}],
    layout: {barmode: "stack", xaxis: {...axis, title: {text: "range of the mean"}, rangemode: "tozero"}, yaxis: {autorange: "reversed", type: "category"}},
  };
};
