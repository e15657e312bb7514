// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sim/report/svg_chart.h"
#include "sim/report/writer.h"
#include "tests/catch.h"
#include "tests/unit/report/sample_result.h"

namespace squeezebar::test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Names of elements that are opened and closed wrongly; empty for well-formed markup.
std::string wrong_nesting(const std::string& html) {
  static const std::set<std::string> kNeverClosed{"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string::npos) return "a tag without end";
    const std::string tag = html.substr(at + 1, end - at - 1);
    const std::string name =
        tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "</" + tag.substr(1) + ">";
      open.pop_back();
    } else if (tag.back() != '/' && kNeverClosed.count(name) == 0) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

TEST_CASE("the report is one well-formed file that loads nothing") {
  for (const RunResult& result : {sample_result(), sample_values_result(), RunResult{}}) {
    const std::string html = written("report.html", result);
    CHECK(wrong_nesting(html) == "");
    for (const char* outside : {"http:", "https:", "src=", "href=", "@import", "url(", "<script", "<link"}) {
      CAPTURE(outside);
      CHECK_FALSE(contains(html, outside));
    }
    CHECK_FALSE(contains(html, "{{"));
    CHECK_FALSE(contains(html, "nan"));
  }
}

TEST_CASE("the report shows what a reader must know") {
  const std::string html = written("report.html", sample_result());
  for (const char* part : {"digits-p70",
                           "98.83 %",
                           "optimistic: sign is free",
                           "devices: ideal",
                           "ADC model: linear",
                           "energy in proportion to bits",
                           "Energy by component",
                           "Energy by layer",
                           "Time by layer",
                           "Busy, stalled and idle",
                           "ADC resolution",
                           "Area by component",
                           "Layout of the layers",
                           "Where the time of the row groups went",
                           "Index storage",
                           "2 not, 1 by 2",
                           "2 (mean 2)",
                           "../circuit/sme_adc.yaml:5:9",
                           "squeezebar 0.1.0",
                           "prefers-color-scheme: dark",
                           "@media print"}) {
    CAPTURE(part);
    CHECK(contains(html, part));
  }
  CHECK(contains(html, std::string(64, 'd')));
}

TEST_CASE("a report without timing has no time or energy charts") {
  const std::string html = written("report.html", sample_values_result());
  CHECK(contains(html, "values only"));
  for (const char* part : {"Energy by", "Time by layer", "Busy, stalled", "Where the time of"})
    CHECK_FALSE(contains(html, part));
}

TEST_CASE("names cannot break out of the markup") {
  RunResult r = sample_result();
  r.workload = "<script>alert(1)</script>";
  r.layers[0].name = "a\"><img>&'{{title}}";
  r.notes = {"<b>bold</b>"};
  const std::string html = written("report.html", r);
  CHECK_FALSE(contains(html, "<script"));
  CHECK_FALSE(contains(html, "<img"));
  CHECK_FALSE(contains(html, "<b>"));
  CHECK(contains(html, "&lt;b&gt;"));
  CHECK(wrong_nesting(html) == "");
}

TEST_CASE("the same result gives the same bytes in every file") {
  for (const auto& [file, entry] : Registry<ReportWriter>::instance()) {
    CAPTURE(file);
    CHECK(written(file, sample_result()) == written(file, sample_result()));
  }
}

TEST_CASE("bars share one scale, and values that cannot be drawn are left out") {
  const std::string svg = stacked_bars("t", {{"long", "2", {{2.0, 0, "two"}}},
                                             {"short", "1", {{1.0, 1, "one"}}},
                                             {"none", "-", {{0.0, 2, "zero"}, {-1.0, 3, "minus"}}}});
  const auto width_after = [&svg](const std::string& color) {
    const std::size_t at = svg.find("width=\"", svg.find("class=\"" + color + "\""));
    return std::stod(svg.substr(at + 7));
  };
  CHECK(width_after("c0") == Approx(2.0 * width_after("c1")).epsilon(1e-3));
  CHECK_FALSE(contains(svg, "class=\"c2\""));
  CHECK_FALSE(contains(svg, "class=\"c3\""));
  CHECK(contains(svg, "<title>two</title>"));
}

TEST_CASE("long labels are cut, with the whole text as tooltip") {
  const std::string label(60, 'x');
  const std::string svg = stacked_bars("t", {{label, "1", {{1.0, 0, ""}}}});
  CHECK(contains(svg, std::string(25, 'x') + "\u2026<title>" + label));
}

}  // namespace
}  // namespace squeezebar::test
