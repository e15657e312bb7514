// SPDX-License-Identifier: Apache-2.0
// What can be chosen beside each chart, and the filters over all of them.
"use strict";
sweep.varyingAxes = () => sweep.axes.filter((axis) => sweep.levels(axis.name).length > 1).map((axis) => axis.name);
sweep.views = [];

sweep.choice = (label, names, chosen, onchange) => {
  const options = names.map((name) => report.make("option", {value: name, selected: name === chosen}, name ? sweep.label(name) : "–"));
  return report.make("label", {}, label, report.make("select", {"data-choice": label, onchange: (event) => onchange(event.target.value)}, ...options));
};
sweep.check = (label, chosen, onchange) => report.make("label", {}, report.make("input", {type: "checkbox", checked: chosen, onchange: (event) => onchange(event.target.checked)}), label);

// A chart `id` whose figure depends on `state`; `controls(state, update)` are the elements beside it.
sweep.view = (id, state, build, height, controls, after = () => {}) => {
  const plot = document.getElementById(`plot-${id}`);
  if (!plot) return;
  const tall = () => typeof height === "function" ? height() : height;
  const make = () => { const figure = build(state); after(figure, state); return figure; };
  const update = () => report.draw(plot, make, tall(), sweep.onclick);
  document.getElementById(`tools-${id}`).append(...controls(state, (change) => { Object.assign(state, change); update(); }));
  sweep.views.push(update);
};

sweep.metricNames = () => sweep.metrics.map((column) => column.name);
sweep.note = (id, text) => { document.getElementById(`note-${id}`).textContent = text; };

sweep.paretoView = () => {
  const {objectives} = sweep, metrics = sweep.metricNames();
  if (objectives.length < 2) return;
  const state = {x: objectives.length > 2 ? objectives[1] : objectives.at(-1), y: objectives[0], colour: objectives.at(-1), objectives: [...objectives]};
  sweep.view("pareto", state, charts.pareto, 460, (now, update) => [
    sweep.choice("Across", metrics, now.x, (x) => update({x})), sweep.choice("Up", metrics, now.y, (y) => update({y})),
    sweep.choice("Colour", metrics, now.colour, (colour) => update({colour})),
    sweep.check("log across", false, (logX) => update({logX})),
    report.make("span", {}, "Objectives:"),
    ...objectives.map((name) => sweep.check(sweep.label(name), true, (on) => update({objectives: objectives.filter((one) => one === name ? on : now.objectives.includes(one))}))),
  ], ({counts}, now) => sweep.note("pareto", now.objectives.length ? `${counts.front.toLocaleString("en")} of ${counts.points.toLocaleString("en")} points are on the front: no other shown point is as good in ${now.objectives.map((name) => sweep.label(name).toLowerCase()).join(", ")} and better in one of them. A click on a point shows its settings.` : "Choose an objective."));
};

sweep.trendView = (id, x, y, group, spread) => {
  const across = [...new Set([...sweep.varyingAxes(), ...(sweep.byName.get("weight_sparsity")?.varies ? ["weight_sparsity"] : []), ...sweep.metricNames()])];
  const groups = ["", ...sweep.varyingAxes().filter((name) => sweep.levels(name).length <= charts.colours.length)];
  const metrics = spread ? sweep.metricNames().filter((name) => ["energy_j", "energy_per_image_j"].includes(name)) : sweep.metricNames();
  sweep.view(id, {x, y, group, spread}, charts.trend, 380, (now, update) => [
    sweep.choice("Across", spread ? sweep.varyingAxes() : across, now.x, (value) => update({x: value})),
    sweep.choice("Up", metrics, now.y, (value) => update({y: value})),
    sweep.choice("Lines", groups, now.group, (value) => update({group: value})),
    sweep.check("log up", false, (logY) => update({logY})),
  ]);
};

sweep.filterBox = () => {
  const box = document.getElementById("filters"), most = 40;
  const chosen = sweep.varyingAxes().filter((name) => sweep.byName.get(name).levels && sweep.levels(name).length <= most);
  const refresh = () => { sweep.cache = null; sweep.redraw(); };
  for (const name of chosen) {
    const count = sweep.levels(name).length, chips = sweep.levels(name).map((level, k) => {
      const chip = report.make("button", {type: "button", class: "chip", "aria-pressed": true, onclick: () => {
        const all = [...Array(count).keys()], levels = sweep.selected.get(name) ?? new Set(all);
        const next = levels.size === count ? new Set([k]) : levels.has(k) ? new Set([...levels].filter((one) => one !== k)) : new Set([...levels, k]);
        if (next.size === 0 || next.size === count) sweep.selected.delete(name);
        else sweep.selected.set(name, next);
        chips.forEach((other, j) => other.setAttribute("aria-pressed", sweep.selected.get(name)?.has(j) ?? true));
        refresh();
      }}, sweep.text(name, level));
      return chip;
    });
    box.append(report.make("div", {class: "filter"}, report.make("span", {}, sweep.label(name)), ...chips));
  }
  document.getElementById("filter-box").hidden = chosen.length === 0;
};
// One chart after the other, so that the first can be used while the others are drawn.
sweep.redraw = async () => {
  document.getElementById("filter-count").textContent = `${sweep.shown().length.toLocaleString("en")} of ${sweep.done.toLocaleString("en")} simulated points`;
  table.page = 0;
  table.draw();
  for (const update of sweep.views) {
    await update();
    await new Promise((resume) => setTimeout(resume, 0));
  }
};

report.start(() => {
  sweep.filterBox();
  sweep.paretoView();
  for (const {id, x, y, group, spread} of sweep.trends) sweep.trendView(id, x, y, group, spread);
  const metrics = sweep.metricNames(), first = sweep.objectives[0] ?? metrics[0];
  sweep.view("sensitivity", {metric: first}, charts.sensitivity, () => 90 + 34 * Math.max(2, sweep.varyingAxes().length), (now, update) => [sweep.choice("Metric", metrics, now.metric, (metric) => update({metric}))]);
  sweep.view("parallel", {colour: first}, charts.parallel, 400, (now, update) => [sweep.choice("Colour", metrics, now.colour, (colour) => update({colour}))], ({counts}) => sweep.note("parallel", counts.drawn < counts.points ? `${counts.drawn.toLocaleString("en")} of ${counts.points.toLocaleString("en")} points are drawn, evenly taken. ` : ""));
  table.start();
  return sweep.redraw();
});
