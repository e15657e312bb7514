// SPDX-License-Identifier: Apache-2.0
"use strict";
report.start(() => {
  const charts = report.data("charts");
  return Promise.all(charts.map(({id, figure, height}) => report.draw(document.getElementById(id), () => structuredClone(figure), height)));
});

document.getElementById("config-search").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const group of document.querySelectorAll(".config details")) {
    let found = 0;
    for (const row of group.querySelectorAll("tr")) {
      const hit = !wanted || (group.dataset.source + " " + row.textContent).toLowerCase().includes(wanted);
      row.hidden = !hit;
      found += hit;
    }
    group.hidden = !found;
    group.open = Boolean(wanted) && found > 0;
  }
});
document.getElementById("config-all").addEventListener("click", () => {
  const groups = [...document.querySelectorAll(".config details")];
  const open = groups.some((group) => !group.open);
  groups.forEach((group) => { group.open = open; });
});
document.getElementById("copy-bibtex")?.addEventListener("click", async (event) => {
  const text = [...document.querySelectorAll("#citations pre")].map((entry) => entry.textContent).join("\n\n") + "\n";
  try {
    await navigator.clipboard.writeText(text);
    event.target.textContent = "Copied";
  } catch {
    event.target.textContent = "Select the text to copy it";
  }
});
