// SPDX-License-Identifier: Apache-2.0
#include "sim/report/html_page.h"

#include <stdexcept>

namespace squeezebar {
namespace {

namespace ms = kainjow::mustache;

constexpr const char* kHead = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<h1>{{title}}</h1>)html";

constexpr const char* kFoot = R"html(<footer>{{footer}}</footer>
</main>
</body>
</html>
)html";

constexpr const char* kChartSections = R"html({{#charts}}
<section>
<h2>{{heading}}</h2>
<p class="hint">{{hint}}</p>
<div class="scroll">{{{chart}}}</div>
</section>
{{/charts}}
)html";

}  // namespace

std::string html_page(const std::string& body, ms::data content) {
  content.set("style", kPageStyle);
  content.set("chart_sections", ms::partial{[] { return std::string(kChartSections); }});
  ms::mustache form{kHead + body + kFoot};
  if (!form.is_valid()) throw std::logic_error("page template: " + form.error_message());
  return form.render(content);
}

void ChartSections::add(const std::string& heading, const std::string& hint, const std::string& chart) {
  if (chart.empty()) return;
  ms::data one;
  one.set("heading", heading);
  one.set("hint", hint);
  one.set("chart", chart);
  list_.push_back(one);
}

}  // namespace squeezebar
