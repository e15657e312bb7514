// SPDX-License-Identifier: Apache-2.0
// The table of all points: sorted by a click on a head, filtered by the fields below the heads, one page at a time.
"use strict";
const table = {size: 25, page: 0, by: "point", down: false, filters: new Map()};
table.names = ["point", ...sweep.axes.map((axis) => axis.name), "status", ...sweep.main.filter((name) => sweep.byName.get(name)?.varies)];

// A test of a value from what was typed: <3, >=1e-6, 3..5, =text, else part of the text. Fractions are typed as per cent.
table.test = (name, typed) => {
  const text = typed.trim().toLowerCase(), scale = sweep.byName.get(name).fraction ? 0.01 : 1;
  const range = text.match(/^([-+.\de]+)\s*\.\.\s*([-+.\de]+)$/);
  if (range) return (value) => sweep.known(value) && value >= Number(range[1]) * scale && value <= Number(range[2]) * scale;
  const compared = text.match(/^(<=|>=|<|>)\s*([-+.\de]+)$/);
  if (compared) {
    const limit = Number(compared[2]) * scale;
    const tests = {"<": (v) => v < limit, ">": (v) => v > limit, "<=": (v) => v <= limit, ">=": (v) => v >= limit};
    return (value) => sweep.known(value) && tests[compared[1]](value);
  }
  if (text.startsWith("=")) return (value) => String(value).toLowerCase() === text.slice(1).trim();
  return (value) => sweep.known(value) && (String(value).toLowerCase().includes(text) || sweep.text(name, value).toLowerCase().includes(text));
};

table.rows = () => {
  const tests = [...table.filters].filter(([, typed]) => typed.trim()).map(([name, typed]) => [sweep.values(name), table.test(name, typed)]);
  const shown = sweep.selected.size ? new Set(sweep.shown()) : null;
  const rows = [];
  for (let i = 0; i < sweep.points; i++) if ((!shown || shown.has(i)) && tests.every(([values, test]) => test(values[i]))) rows.push(i);
  const values = sweep.values(table.by), sign = table.down ? -1 : 1;
  const compare = (i, j) => {
    const a = values[i], b = values[j];
    if (!sweep.known(a) || !sweep.known(b)) return sweep.known(b) - sweep.known(a); // what is not known comes last
    return sign * (a < b ? -1 : a > b ? 1 : 0) || i - j;
  };
  return rows.sort(compare);
};

table.draw = () => {
  const rows = table.rows(), pages = Math.max(1, Math.ceil(rows.length / table.size));
  table.page = Math.min(table.page, pages - 1);
  const part = rows.slice(table.page * table.size, (table.page + 1) * table.size);
  document.getElementById("table-body").replaceChildren(...part.map((i) => report.make("tr", {tabindex: 0, onclick: () => sweep.open(i), onkeydown: (event) => { if (event.key === "Enter") sweep.open(i); }},
    ...table.names.map((name) => report.make("td", {class: typeof sweep.values(name)[i] === "string" ? "" : "n"}, sweep.text(name, sweep.values(name)[i]))))));
  document.getElementById("table-count").textContent = `${rows.length.toLocaleString("en")} points, page ${table.page + 1} of ${pages.toLocaleString("en")}`;
  document.getElementById("table-back").disabled = table.page === 0;
  document.getElementById("table-next").disabled = table.page >= pages - 1;
  for (const head of document.querySelectorAll("#table-heads th")) head.setAttribute("aria-sort", head.dataset.name !== table.by ? "none" : table.down ? "descending" : "ascending");
};

table.start = () => {
  const {make} = report;
  document.getElementById("table-heads").append(...table.names.map((name) => make("th", {"data-name": name, class: sweep.isText(name) ? "" : "n"}, make("button", {type: "button", title: sweep.byName.get(name).description ?? "", onclick: () => {
    table.down = table.by === name && !table.down;
    table.by = name;
    table.draw();
  }}, sweep.byName.get(name).label ?? name))));
  document.getElementById("table-filters").append(...table.names.map((name) => make("td", {}, make("input", {"aria-label": `Filter ${name}`, placeholder: "filter", oninput: (event) => {
    table.filters.set(name, event.target.value);
    table.page = 0;
    table.draw();
  }}))));
  document.getElementById("table-back").addEventListener("click", () => { table.page--; table.draw(); });
  document.getElementById("table-next").addEventListener("click", () => { table.page++; table.draw(); });
  table.draw();
};
