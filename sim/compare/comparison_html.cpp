// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison_html.h"

#include "sim/compare/comparison_charts.h"
#include "sim/report/html_page.h"

namespace squeezebar {
namespace {

namespace ms = kainjow::mustache;

constexpr const char* kTemplate = R"html(
<p class="verdict">{{baseline}} is the baseline of every ratio and difference on this page.</p>
{{#has_warnings}}
<section class="notes">
<h2>Read this with the figures</h2>
<ul>
{{#warnings}}
<li>{{.}}</li>
{{/warnings}}
</ul>
</section>
{{/has_warnings}}
<section>
<h2>Runs</h2>
<div class="scroll">
<table class="facts">
{{#runs}}
<tr><th>{{name}}</th><td>{{description}}</td><td class="soft">{{folder}}</td></tr>
{{/runs}}
</table>
</div>
</section>
{{>chart_sections}}
{{#tables}}
<section>
<h2>{{heading}}</h2>
<div class="scroll">
<table>
<thead><tr><th>{{what}}</th>{{#names}}<th class="n">{{.}}</th>{{/names}}</tr></thead>
<tbody>
{{#rows}}
<tr><td>{{label}}</td>
{{#cells}}<td class="n">{{text}}
{{#has_change}}<span class="soft">{{change}}</span>{{/has_change}}</td>
{{/cells}}</tr>
{{/rows}}
</tbody>
</table>
</div>
</section>
{{/tables}}
{{#has_config}}
<section>
<h2>What the configs change</h2>
<div class="scroll">
<table>
<thead><tr><th>key</th>{{#names}}<th>{{.}}</th>{{/names}}</tr></thead>
<tbody>
{{#config}}
<tr><td><code>{{key}}</code></td>{{#values}}<td>{{.}}</td>{{/values}}</tr>
{{/config}}
</tbody>
</table>
</div>
</section>
{{/has_config}}
)html";

ms::data runs(const Comparison& c) {
  ms::data out(ms::data::type::list);
  for (std::size_t i = 0; i < c.names.size(); ++i) {
    ms::data run;
    run.set("name", c.names[i]);
    run.set("description", c.descriptions[i]);
    run.set("folder", c.folders[i]);
    out.push_back(run);
  }
  return out;
}

ms::data charts(const Comparison& c) {
  ChartSections out;
  out.add("Crossbars allocated", "Physical arrays of the whole network, without replicas.",
          compared_metric_chart(c, "crossbars.allocated.total"));
  out.add("Latency", "From the first input to the last output of all images.",
          compared_metric_chart(c, "latency_s"));
  out.add("Energy per image", "By component; leakage and constant power over the run included.",
          compared_energy_chart(c));
  for (const LayerComparison& one : c.layers)
    out.add("By layer: " + one.metric.label, "A bar for every run.", compared_layers_chart(c, one));
  return out.list();
}

/// Labels that are indented in text are parts of the row above; here an en space does it.
std::string label_text(const std::string& label) {
  return label.rfind("  ", 0) == 0 ? "\u2003" + label.substr(2) : label;
}

ms::data table(const Comparison& c, const std::string& heading, const std::string& what,
               const std::vector<ComparedMetric>& metrics) {
  ms::data rows(ms::data::type::list);
  for (const ComparedMetric& metric : metrics) {
    ms::data cells(ms::data::type::list);
    for (const ComparedValue& value : metric.values) {
      ms::data cell;
      cell.set("text", value.text);
      cell.set("has_change", !value.change.empty());
      cell.set("change", value.change);
      cells.push_back(cell);
    }
    ms::data row;
    row.set("label", label_text(metric.label));
    row.set("cells", cells);
    rows.push_back(row);
  }
  ms::data out;
  out.set("heading", heading);
  out.set("what", what);
  out.set("names", text_list(c.names));
  out.set("rows", rows);
  return out;
}

ms::data tables(const Comparison& c) {
  ms::data out(ms::data::type::list);
  out.push_back(table(c, "Figures", "figure", c.metrics));
  for (const LayerComparison& one : c.layers)
    out.push_back(table(c, "By layer: " + one.metric.label, "layer", one.layers));
  return out;
}

ms::data config(const Comparison& c) {
  ms::data out(ms::data::type::list);
  for (const ConfigChange& change : c.config) {
    ms::data row;
    row.set("key", change.key);
    row.set("values", text_list(change.values));
    out.push_back(row);
  }
  return out;
}

}  // namespace

std::string comparison_html(const Comparison& c) {
  std::string title;
  for (const std::string& name : c.names) title += (title.empty() ? "" : ", ") + name;
  ms::data page;
  page.set("title", "Runs compared: " + title);
  page.set("baseline", c.names[0]);
  page.set("has_warnings", !c.warnings.empty());
  page.set("warnings", text_list(c.warnings));
  page.set("runs", runs(c));
  page.set("names", text_list(c.names));
  page.set("charts", charts(c));
  page.set("tables", tables(c));
  page.set("has_config", !c.config.empty());
  page.set("config", config(c));
  page.set("footer", "squeezebar compare");
  return html_page(kTemplate, page);
}

}  // namespace squeezebar
