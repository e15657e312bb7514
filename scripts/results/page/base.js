// SPDX-License-Identifier: Apache-2.0
// Theme, and charts that follow it. The data of a page stand in <script type="application/json"> elements.
"use strict";
const report = {charts: new Map(), ready: false};

report.data = (id) => JSON.parse(document.getElementById(id).textContent);
report.darkOf = report.data("dark-colours");
report.color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
report.isDark = () => document.documentElement.dataset.theme === "dark";
report.narrow = () => window.innerWidth <= 760 || document.documentElement.classList.contains("printing");
report.touch = () => window.matchMedia("(pointer: coarse)").matches;

// The element <tag class="..."> with attributes and children (texts or elements).
report.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

// A figure with every colour of the light palette replaced by its dark twin, when the page is dark.
report.tinted = (value) => {
  if (!report.isDark()) return value;
  if (typeof value === "string") return report.darkOf[value] ?? value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(report.tinted);
  if (value && value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, report.tinted(entry)]));
  }
  return value;
};

report.axis = (own = {}, bars = false) => ({
  gridcolor: report.color("grid"), linecolor: report.color("line"), zerolinecolor: report.color("line"),
  automargin: true, minexponent: 1, fixedrange: report.touch() || bars, ...own,
  title: {standoff: 8, ...(typeof own.title === "string" ? {text: own.title} : own.title)},
  ...(report.narrow() && !own.type?.includes("category") ? {nticks: 5} : {}),
});

report.layout = (own, height) => {
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, height, autosize: true,
    font: {family: report.color("sans"), size: 12.5, color: report.color("text")}, bargap: 0.3, bargroupgap: 0.05,
    margin: {l: 8, r: 18, t: 8, b: 8}, dragmode: report.touch() ? false : "zoom", hovermode: "closest",
    modebar: {bgcolor: "rgba(0,0,0,0)", color: report.color("line"), activecolor: report.color("soft")},
    hoverlabel: {bgcolor: report.color("card"), bordercolor: report.color("line"), font: {color: report.color("text"), size: 13}},
    ...own,
  };
  for (const name of Object.keys(layout)) if (/^[xy]axis\d*$/.test(name)) layout[name] = report.axis(layout[name], own.barmode !== undefined);
  return layout;
};

// Only charts with points can be zoomed into, so only they have Plotly's buttons.
report.plotConfig = (figure) => ({
  responsive: true, displaylogo: false, scrollZoom: false,
  displayModeBar: !report.touch() && figure.data.some((trace) => /^scatter/.test(trace.type ?? "scatter")),
  modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
});

// Names of the traces as buttons that hide and show them; not for a single trace.
report.legend = (plot, figure) => {
  let list = plot.previousElementSibling;
  if (!list?.classList.contains("legend")) plot.before(list = report.make("ul", {class: "legend"}));
  list.replaceChildren();
  const named = figure.data.map((trace, index) => ({trace, index})).filter(({trace}) => trace.name && trace.showlegend !== false);
  if (named.length < 2) return;
  for (const {trace, index} of named) {
    const color = [trace.marker?.color, trace.line?.color].find((one) => typeof one === "string") ?? report.color("soft");
    const shown = trace.visible !== "legendonly";
    const members = figure.data.flatMap((other, i) => other.legendgroup && other.legendgroup === trace.legendgroup ? [i] : []);
    const button = report.make("button", {type: "button", "aria-pressed": shown, onclick: () => {
      const next = button.getAttribute("aria-pressed") === "true" ? "legendonly" : true;
      button.setAttribute("aria-pressed", next === true);
      Plotly.restyle(plot, {visible: next}, members.length ? members : [index]);
    }}, report.make("i", {style: `background:${report.tinted(color)}`}), trace.name);
    list.append(report.make("li", {}, button));
  }
};

// Draws what `build` returns ({data, layout}) into the element, now and whenever the theme changes.
report.draw = (plot, build, height, onclick) => {
  report.charts.set(plot, {build, height, onclick});
  const figure = report.tinted(build());
  const layout = report.layout(figure.layout, height);
  plot.style.height = height + "px";
  report.legend(plot, figure);
  return Plotly.react(plot, figure.data, layout, report.plotConfig(figure)).then(() => {
    if (onclick && !plot.dataset.clickable) {
      plot.dataset.clickable = "yes";
      plot.on("plotly_click", onclick);
    }
  });
};
report.redraw = () => Promise.all([...report.charts].map(([plot, chart]) => report.draw(plot, chart.build, chart.height, chart.onclick)));

report.setTheme = (dark) => {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  const button = document.getElementById("theme");
  button.textContent = dark ? "Light" : "Dark";
  button.setAttribute("aria-label", `Show the page in ${dark ? "light" : "dark"} colours`);
};
report.stored = () => { try { return localStorage.getItem("squeezebar-theme"); } catch { return null; } };
report.store = (theme) => { try { localStorage.setItem("squeezebar-theme", theme); } catch { /* a page from a file may not */ } };

report.start = (drawAll) => {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const preferred = () => (report.stored() ?? (system.matches ? "dark" : "light")) === "dark";
  const change = (dark) => { report.setTheme(dark); report.redraw(); };
  report.setTheme(preferred());
  document.getElementById("theme").addEventListener("click", () => {
    report.store(report.isDark() ? "light" : "dark");
    change(!report.isDark());
  });
  system.addEventListener("change", () => change(preferred()));
  window.addEventListener("beforeprint", () => { document.documentElement.classList.add("printing"); change(false); });
  window.addEventListener("afterprint", () => { document.documentElement.classList.remove("printing"); change(preferred()); });
  Promise.resolve(drawAll()).then(() => { report.ready = true; document.documentElement.dataset.ready = "yes"; });
};
