// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/plan.h"

#include "sim/base/version.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const std::string kSpec =
    "version: 1\nbase: base.yaml\naxes: {adc.bits: [4, 5, 6], workload.bundle: [p50, p70]}\n";

std::string setting(const std::vector<ConfigOverride>& settings, const std::string& key) {
  for (const ConfigOverride& one : settings) {
    if (one.key == key) return one.value.text;
  }
  return "";
}

/// A program that runs everything; 5 and 6 bits are the same to it.
CheckedPoint accept(const std::vector<ConfigOverride>& settings, Diagnostics&) {
  CheckedPoint out;
  for (const ConfigOverride& one : settings) out.overrides.push_back(one.key + "=" + one.value.text);
  out.bundle = setting(settings, "workload.bundle");
  const std::string bits = setting(settings, "adc.bits");
  out.identity = {"a", "t", bits == "4" ? "four" : "more", out.bundle, "1.0", program_digest()};
  return out;
}

Plan plan_with(const PointCheck& check, Diagnostics& diagnostics,
               UnfitPoints unfit_points = UnfitPoints::refused) {
  const SweepSpec spec = parse_sweep_spec(kSpec, "spec.yaml", diagnostics);
  return make_plan(spec, expand(spec, 1, diagnostics), "1.0", check, unfit_points, diagnostics);
}

Plan plan() {
  Diagnostics diagnostics;
  Plan out = plan_with(accept, diagnostics);
  REQUIRE(diagnostics.empty());
  return out;
}

TEST_CASE("a plan has every point, and computes those of one name once", "[sweep]") {
  const Plan made = plan();
  REQUIRE(made.points.size() == 6);
  CHECK(made.points[3].labels == std::vector<std::string>{"5", "p70"});
  CHECK(made.points[3].overrides == std::vector<std::string>{"adc.bits=5", "workload.bundle=p70"});
  CHECK(made.points[2].id == made.points[4].id);
  CHECK(made.distinct() == std::vector<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("a fault names the point, and is told once for all that have it", "[sweep]") {
  Diagnostics diagnostics;
  plan_with(
      [](const std::vector<ConfigOverride>& settings, Diagnostics& d) {
        if (setting(settings, "adc.bits") == "6") d.error({"spec.yaml", 3, 28}, "adc.bits", "is too much");
        return accept(settings, d);
      },
      diagnostics);
  CHECK(diagnostics.text() ==
        "spec.yaml:3:28: error: adc.bits: is too much [point 5 (adc.bits=6, workload.bundle=p50) and 1 "
        "more]\n");
}

CheckedPoint six_is_unfit(const std::vector<ConfigOverride>& settings, Diagnostics& d) {
  if (setting(settings, "adc.bits") == "6") d.error({"spec.yaml", 3, 28}, "adc.bits", "is too much");
  return accept(settings, d);
}

TEST_CASE("a point that does not fit is one of the plan with its reason, and is not computed", "[sweep]") {
  Diagnostics diagnostics;
  const Plan made = plan_with(six_is_unfit, diagnostics, UnfitPoints::rows);
  CHECK(diagnostics.empty());
  CHECK(made.unfit() == std::vector<std::size_t>{4, 5});
  CHECK(made.points[4].unfit == "adc.bits: is too much");
  CHECK(made.distinct() == std::vector<std::size_t>{0, 1, 2, 3});
  const std::optional<Plan> read = parse_plan(plan_json(made), "plan.json", diagnostics);
  REQUIRE(read.has_value());
  CHECK(read->points == made.points);
}

TEST_CASE("a setting that no config takes refuses the plan", "[sweep]") {
  Diagnostics diagnostics;
  plan_with(
      [](const std::vector<ConfigOverride>& settings, Diagnostics& d) {
        CheckedPoint out = six_is_unfit(settings, d);
        out.is_misread = d.has_errors();
        return out;
      },
      diagnostics, UnfitPoints::rows);
  CHECK(diagnostics.error_count() == 1);
}

TEST_CASE("a plan without any point that fits is refused unless that is allowed", "[sweep]") {
  // No point has the fault that the base has by itself.
  const PointCheck none_fits = [](const std::vector<ConfigOverride>& settings, Diagnostics& d) {
    d.error({}, "adc.bits", setting(settings, "adc.bits") + " do not fit");
    return accept(settings, d);
  };
  Diagnostics rows;
  plan_with(none_fits, rows, UnfitPoints::rows);
  CHECK_THAT(rows.text(), ContainsSubstring("every point is unfit (6 of 6)"));
  Diagnostics all;
  CHECK(plan_with(none_fits, all, UnfitPoints::rows_or_all).unfit().size() == 6);
  CHECK(all.empty());
  Diagnostics base;
  plan_with(
      [](const std::vector<ConfigOverride>& settings, Diagnostics& d) {
        d.error({"base.yaml", 1, 1}, "chip.tiles", "is missing");
        return accept(settings, d);
      },
      base, UnfitPoints::rows_or_all);
  CHECK_THAT(base.text(), ContainsSubstring("chip.tiles: is missing"));
}

TEST_CASE("a missing workload is listed with its recipe and its points", "[sweep]") {
  Diagnostics diagnostics;
  const Plan made = plan_with(
      [](const std::vector<ConfigOverride>& settings, Diagnostics& d) {
        CheckedPoint out = accept(settings, d);
        if (out.bundle == "p70") out = {out.overrides, {}, "p70", 0, "make p70"};
        return out;
      },
      diagnostics);
  CHECK(diagnostics.empty());
  REQUIRE(made.missing.size() == 1);
  CHECK(made.missing[0].recipe == "make p70");
  CHECK(made.missing[0].points == 3);
  CHECK(made.distinct() == std::vector<std::size_t>{0, 2});
}

TEST_CASE("a plan reads back as it was written", "[sweep]") {
  const Plan made = plan();
  Diagnostics diagnostics;
  const std::optional<Plan> read = parse_plan(plan_json(made), "plan.json", diagnostics);
  INFO(diagnostics.text());
  REQUIRE(read.has_value());
  CHECK(read->points == made.points);
  CHECK(read->columns == made.columns);
  CHECK(read->base == made.base);
  CHECK(read->tool_version == "1.0");
}

TEST_CASE("a plan that was cut off or changed is refused", "[sweep]") {
  const std::string whole = plan_json(plan());
  for (const std::string& text : {whole.substr(0, whole.size() / 2), std::string("{}"), std::string("[1]"),
                                  std::string(R"({"schema_version": 99})")}) {
    Diagnostics diagnostics;
    CHECK_FALSE(parse_plan(text, "plan.json", diagnostics).has_value());
    CHECK_THAT(diagnostics.text(), Catch::Matchers::StartsWith("plan.json:"));
    CHECK_THAT(diagnostics.text(), ContainsSubstring("error: is no plan of a sweep"));
  }
}

}  // namespace
}  // namespace squeezebar::test
