// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/spec.h"

#include "sim/sweep/points.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const std::string kHead = "version: 1\nbase: base.yaml\n";

SweepSpec good(const std::string& text) {
  Diagnostics diagnostics;
  SweepSpec spec = parse_sweep_spec(kHead + text, "folder/spec.yaml", diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  return spec;
}

std::string told(const std::string& text) {
  Diagnostics diagnostics;
  parse_sweep_spec(text, "spec.yaml", diagnostics);
  return diagnostics.text();
}

/// "4/500 MHz" for every point of the spec.
std::vector<std::string> labels(const std::string& text) {
  Diagnostics diagnostics;
  const SweepPoints points = expand(good(text), 7, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  std::vector<std::string> out;
  for (const SweepPoint& point : points.points) {
    std::string& all = out.emplace_back();
    for (const std::string& label : point.labels) all += (all.empty() ? "" : "/") + label;
  }
  return out;
}

std::string value_of(const SweepPoint& point, const std::string& key) {
  for (const ConfigOverride& setting : point.settings) {
    if (setting.key == key) return setting.value.text;
  }
  return "";
}

using Labels = std::vector<std::string>;

TEST_CASE("the base stands beside the spec", "[sweep]") {
  CHECK(good("axes: {adc.bits: [4]}\n").base == "folder/base.yaml");
}

TEST_CASE("axes span a grid whose last axis runs fastest", "[sweep]") {
  CHECK(labels("axes: {adc.bits: [4, 5], chip.clock: [1 GHz, 500 MHz]}\n") ==
        Labels{"4/1 GHz", "4/500 MHz", "5/1 GHz", "5/500 MHz"});
}

TEST_CASE("an axis may be a range", "[sweep]") {
  CHECK(labels("axes: {adc.bits: {from: 4, to: 8, step: 2}}\n") == Labels{"4", "6", "8"});
  CHECK(labels("axes: {adc.bits: {from: 1, to: 9, points: 3}}\n") == Labels{"1", "5", "9"});
  CHECK(labels("axes: {chip.clock: {from: 1 GHz, to: 2 GHz, points: 3}}\n") ==
        Labels{"1 GHz", "1.5 GHz", "2 GHz"});
  CHECK(labels("axes: {a.x: {from: 0.1, to: 0.3, step: 0.1}}\n") == Labels{"0.1", "0.2", "0.3"});
}

TEST_CASE("the ends of a range and its step may have different units of one quantity", "[sweep]") {
  CHECK(labels("axes: {a.x: {from: 500 MHz, to: 2 GHz, points: 4}}\n") ==
        Labels{"500 MHz", "1000 MHz", "1500 MHz", "2000 MHz"});
  CHECK(labels("axes: {a.x: {from: 1 GHz, to: 1.5 GHz, step: 250 MHz}}\n") ==
        Labels{"1000 MHz", "1250 MHz", "1500 MHz"});
  CHECK(labels("axes: {a.x: {from: 10 ns, to: 0.001 ms, points: 3, scale: log}}\n") ==
        Labels{"10 ns", "100 ns", "1000 ns"});
  CHECK(labels("axes: {a.x: {from: 512 B, to: 1 KB, points: 2}}\n") == Labels{"512 B", "1024 B"});
  CHECK(labels("axes: {a.x: {from: 1 \u00b5s, to: 2 us, points: 2}}\n") == Labels{"1 us", "2 us"});
  CHECK(labels("axes: {a.x: {from: 0, to: 2 ns, points: 3}}\n") == Labels{"0 ns", "1 ns", "2 ns"});
  CHECK(labels("axes: {a.x: {from: -2 ns, to: 0, step: 1000 ps}}\n") ==
        Labels{"-2000 ps", "-1000 ps", "0 ps"});
}

TEST_CASE("a logarithmic range has equal ratios, and whole numbers once", "[sweep]") {
  CHECK(labels("axes: {a.x: {from: 1, to: 100, points: 3, scale: log}}\n") == Labels{"1", "10", "100"});
  CHECK(labels("axes: {a.x: {from: 1, to: 3, points: 9, scale: log}}\n") == Labels{"1", "2", "3"});
}

TEST_CASE("an axis may name alternatives that set several keys", "[sweep]") {
  const std::string text = "axes: {chip: {small: {chip.tiles: 4, adc.bits: 6}, base: }}\n";
  CHECK(labels(text) == Labels{"small", "base"});
  Diagnostics diagnostics;
  const SweepPoints points = expand(good(text), 1, diagnostics);
  CHECK(value_of(points.points[0], "chip.tiles") == "4");
  CHECK(value_of(points.points[0], "adc.bits") == "6");
  CHECK(points.points[1].settings.empty());
}

TEST_CASE("zipped lists go together", "[sweep]") {
  CHECK(labels("zip: [{adc.bits: [4, 6], adc.per_crossbar: [1, 2]}]\n") == Labels{"4/1", "6/2"});
}

TEST_CASE("paths are named by their last part", "[sweep]") {
  CHECK(labels("axes: {workload.bundle: [../a/p50, ../a/p70]}\n") == Labels{"p50", "p70"});
}

TEST_CASE("exclusions leave points out", "[sweep]") {
  CHECK(labels("axes: {adc.bits: [4, 5], a.x: [1, 2]}\nexclude: [{adc.bits: 4, a.x: 2}, {adc.bits: 5, a.x: "
               "1}]\n") == Labels{"4/1", "5/2"});
}

TEST_CASE("replicates count the seed up", "[sweep]") {
  Diagnostics diagnostics;
  const SweepPoints points = expand(good("axes: {a.x: [1, 2]}\nreplicates: 2\n"), 7, diagnostics);
  REQUIRE(points.points.size() == 4);
  CHECK(points.columns == Labels{"a.x", "replicate"});
  CHECK(value_of(points.points[0], "run.seed") == "7");
  CHECK(value_of(points.points[3], "run.seed") == "8");
}

TEST_CASE("samples stay within their bounds and are the same every time", "[sweep]") {
  for (const std::string method : {"random", "latin_hypercube"}) {
    const std::string text =
        "sample: {method: " + method + ", points: 50, seed: 3, axes: {a.x: {from: 2, to: 8}, a.y: [u, v]}}\n";
    Diagnostics diagnostics;
    const SweepPoints points = expand(good(text), 1, diagnostics);
    REQUIRE(points.points.size() == 50);
    for (const SweepPoint& point : points.points) {
      const double x = std::stod(point.labels[0]);
      CHECK((x >= 2 && x <= 8));
      CHECK((point.labels[1] == "u" || point.labels[1] == "v"));
    }
    CHECK(labels(text) == labels(text));
  }
}

TEST_CASE("a Latin hypercube has one point in each slice of each axis", "[sweep]") {
  const std::string text =
      "sample: {method: latin_hypercube, points: 8, axes: {a.x: {from: 0.0, to: 8.0}}}\n";
  std::vector<int> hits(8);
  Diagnostics diagnostics;
  SweepSpec spec = good(text);
  spec.sample.axes[0].interval->whole = false;
  for (const SweepPoint& point : expand(spec, 1, diagnostics).points)
    ++hits[static_cast<std::size_t>(std::stod(point.labels[0]))];
  CHECK(hits == std::vector<int>(8, 1));
}

TEST_CASE("what is wrong with a spec is told with its place", "[sweep]") {
  CHECK_THAT(told("base: b.yaml\naxes: {a.x: [1]}\n"), ContainsSubstring("version: missing"));
  CHECK_THAT(told("version: 1\naxes: {a.x: [1]}\n"), ContainsSubstring("base: missing"));
  CHECK_THAT(told(kHead + "axis: {a.x: [1]}\n"),
             ContainsSubstring("spec.yaml:3:1: error: unknown key 'axis'; did you mean 'axes'?"));
  CHECK_THAT(told(kHead + "axes: {a.x: []}\n"), ContainsSubstring("needs at least one value"));
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 1, to: 2}}\n"), ContainsSubstring("needs either 'points'"));
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 1 ns, to: 2, points: 2}}\n"),
             ContainsSubstring("a.x: 'from' is in 'ns' and 'to' has no unit; give both in units of one"));
  CHECK(told(kHead + "axes: {a.x: {from: 5 ns, to: 2 GHz, points: 2}}\n") ==
        "spec.yaml:3:13: error: a.x: 'from' is in 'ns' and 'to' is in 'GHz'; give both in units of one "
        "quantity\n");
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 1 ns, to: 2 us, step: 3 pJ}}\n"),
             ContainsSubstring("'from' is in 'ns' and 'step' is in 'pJ'"));
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 1 ms, to: 2 us, points: 2}}\n"),
             ContainsSubstring("less than 'to'"));
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 2, to: 1, points: 2}}\n"), ContainsSubstring("less than 'to'"));
  CHECK_THAT(told(kHead + "axes: {a.x: {from: 0, to: 1, points: 2, scale: log}}\n"),
             ContainsSubstring("above 0"));
  CHECK_THAT(told(kHead + "axes: {a.x: [1, 1]}\n"), ContainsSubstring("has the value '1' twice"));
  CHECK_THAT(told(kHead + "axes: {a.x: [1], n: {p: {a.x: 2}}}\n"),
             ContainsSubstring("'a.x' is set by the axis 'a.x' as well"));
  CHECK_THAT(told(kHead + "zip: [{a.x: [1, 2], a.y: [1]}]\n"),
             ContainsSubstring("has 1 values, 'a.x' has 2"));
  CHECK_THAT(told(kHead + "axes: {a.x: [1]}\nexclude: [{a.x: 3}]\n"),
             ContainsSubstring("'3' is not on the axis 'a.x'"));
  CHECK_THAT(told(kHead + "sample: {method: sobol, points: 3, axes: {a.x: [1]}}\n"),
             ContainsSubstring("must be one of"));
  CHECK_THAT(told(kHead + "replicates: 0\naxes: {a.x: [1]}\n"), ContainsSubstring("outside [1, 10000]"));
}

TEST_CASE("a spec with too many points is refused before they are made", "[sweep]") {
  std::string text = "axes:\n";
  for (int i = 0; i < 9; ++i) text += "  a.x" + std::to_string(i) + ": {from: 1, to: 100, step: 1}\n";
  Diagnostics diagnostics;
  expand(good(text), 1, diagnostics);
  CHECK_THAT(diagnostics.text(), ContainsSubstring("give more than 10000000 points"));
}

}  // namespace
}  // namespace squeezebar::test
