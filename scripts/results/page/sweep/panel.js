// SPDX-License-Identifier: Apache-2.0
// The panel with everything about one point.
"use strict";
sweep.open = (index) => {
  const make = report.make, value = (name) => sweep.values(name)[index];
  const rows = (columns) => make("table", {}, make("tbody", {}, ...columns.map((column) => make("tr", {title: column.description ?? ""},
    make("th", {scope: "row"}, column.label), make("td", {class: "n"}, sweep.text(column.name, value(column.name)))))));
  const known = (column) => sweep.known(value(column.name));
  const metrics = sweep.columns.filter((column) => column.role === "metric" && known(column));
  const main = metrics.filter((column) => sweep.main.includes(column.name));
  const others = metrics.filter((column) => !sweep.main.includes(column.name));
  const body = document.getElementById("panel-body");
  const folder = value("run");
  const link = folder && value("status") === "done" ? make("p", {}, make("a", {id: "panel-link", href: `${folder.split("/").map(encodeURIComponent).join("/")}/report.html`}, "Report of this run")) : "";
  body.replaceChildren(make("h2", {}, `Point ${value("point")}`), make("p", {class: "hint"}, make("code", {}, value("id"))), link);
  if (value("status") !== "done") body.append(make("p", {class: "reason"}, `${value("status")}${value("reason") ? `: ${value("reason")}` : ""}`));
  body.append(make("h3", {}, "Settings"), rows(sweep.axes));
  if (main.length) body.append(make("h3", {}, "Results"), rows(main));
  if (others.length) body.append(make("details", {}, make("summary", {}, `${others.length} more figures`), rows(others)));
  if (sweep.leftOut.length) body.append(make("p", {class: "hint"}, `${sweep.leftOut.length} figures are in table.csv only.`));
  document.getElementById("panel").hidden = false;
};
sweep.close = () => { document.getElementById("panel").hidden = true; };
document.getElementById("panel-close").addEventListener("click", sweep.close);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") sweep.close(); });
sweep.onclick = (event) => {
  const index = event.points.find((point) => point.customdata != null)?.customdata;
  if (index != null) sweep.open(index);
};
