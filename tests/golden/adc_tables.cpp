// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/base/registry.h"
#include "sim/terms/actions.h"
#include "tests/catch.h"

// Published and derived ADC costs at 32 nm unless stated: rows V17 and V18 of docs/validation.md.

namespace squeezebar::test {
namespace {

struct Row {
  int bits;
  double energy_pj;
  double area_um2;
};

void check_survey(const char* rate, const char* node, std::initializer_list<Row> rows) {
  const auto adc = Registry<AdcModel>::instance().create("survey", fmt::format("{{cost_rate: {}}}", rate));
  for (const Row& row : rows) {
    INFO(row.bits << " bits at " << rate << ", " << node);
    const ComponentCost cost = adc->cost(row.bits, quantity<Length>(node));
    // The table has at most four digits and three decimals.
    CHECK(cost.energy.si() * 1e12 ==
          Approx(row.energy_pj).epsilon(0).margin(row.energy_pj < 10 ? 0.00051 : 0.0051));
    if (row.area_um2 > 0)
      CHECK(fmt::format("{:.0f}", cost.area.si() * 1e12) == fmt::format("{:.0f}", row.area_um2));
    CHECK_FALSE(cost.extrapolated);
  }
}

TEST_CASE("V17: the survey fit at 1 GS/s", "[validation]") {
  check_survey("1 GHz", "32 nm",
               {{4, 0.924, 4964},
                {5, 0.936, 4984},
                {6, 1.065, 5180},
                {7, 1.312, 5513},
                {8, 1.714, 5972},
                {9, 4.697, 8074},
                {10, 13.95, 11180}});
}

TEST_CASE("V17: the survey fit at 1.2 GS/s", "[validation]") {
  check_survey("1.2 GHz", "32 nm",
               {{4, 0.924, 5130},
                {5, 0.936, 5151},
                {6, 1.065, 5353},
                {7, 1.312, 5698},
                {8, 1.849, 6313},
                {9, 5.299, 8651},
                {10, 15.73, 11979}});
}

TEST_CASE("V17: the survey fit at other rates and nodes", "[validation]") {
  check_survey("0.1 GHz", "32 nm",
               {{4, 0.924, 0},
                {5, 0.936, 0},
                {6, 1.065, 0},
                {7, 1.312, 0},
                {8, 1.714, 0},
                {9, 2.340, 0},
                {10, 3.310, 0}});
  check_survey("1.28 GHz", "32 nm", {{6, 1.065, 5416}, {8, 1.929, 6469}});
  check_survey("1 GHz", "22 nm", {{6, 0.527, 2892}, {8, 0.847, 3334}});
}

TEST_CASE("V18: ISAAC's rule", "[validation]") {
  const auto adc = Registry<AdcModel>::instance().create("isaac");
  const Row rows[] = {{4, 0.786, 361},  {5, 0.988, 477},  {6, 1.196, 627},  {7, 1.418, 845},
                      {8, 1.667, 1200}, {9, 1.969, 1828}, {10, 2.379, 3002}};
  for (const Row& row : rows) {
    INFO(row.bits << " bits");
    const ComponentCost cost = adc->cost(row.bits, 32_nm);
    CHECK(fmt::format("{:.3f}", cost.energy.si() * 1e12) == fmt::format("{:.3f}", row.energy_pj));
    CHECK(cost.area.si() * 1e12 == Approx(row.area_um2).epsilon(0.001));
  }
}

TEST_CASE("the simple rules from ISAAC's 8-bit ADC", "[validation]") {
  const auto linear = Registry<AdcModel>::instance().create("linear");
  const auto exponential = Registry<AdcModel>::instance().create("exponential");
  const double expected[][3] = {{4, 0.833, 0.104}, {5, 1.042, 0.208}, {6, 1.250, 0.417}, {7, 1.458, 0.833},
                                {8, 1.667, 1.667}, {9, 1.875, 3.333}, {10, 2.083, 6.667}};
  for (const auto& [bits, linear_pj, exponential_pj] : expected) {
    INFO(bits << " bits");
    CHECK(linear->cost(static_cast<int>(bits), 32_nm).energy.si() * 1e12 ==
          Approx(linear_pj).margin(0.00051));
    CHECK(exponential->cost(static_cast<int>(bits), 32_nm).energy.si() * 1e12 ==
          Approx(exponential_pj).margin(0.00051));
  }
}

TEST_CASE("Newton's ADC costs in proportion to bits", "[validation]") {
  const auto newton = Registry<AdcModel>::instance().create(
      "linear", "{reference_bits: 9, power: 3.1 mW, cost_rate: 1.2 GHz, area: 1500 um2}");
  const double expected[][2] = {{4, 1.148}, {5, 1.435}, {6, 1.722}, {7, 2.009},
                                {8, 2.296}, {9, 2.583}, {10, 2.870}};
  for (const auto& [bits, picojoules] : expected) {
    INFO(bits << " bits");
    CHECK(newton->cost(static_cast<int>(bits), 32_nm).energy.si() * 1e12 ==
          Approx(picojoules).margin(0.00051));
  }
}

/// An ADC model as one of the shipped files sets it on SME's chip.
Config with_series(const std::string& name) {
  const std::string root = SQUEEZEBAR_SOURCE_DIR "/configs/";
  const std::string top =
      fmt::format("version: 1\ninclude: [{0}chip/sme.yaml, {0}circuit/{1}_adc_series.yaml]\n", root, name);
  const ReadFile read = [&](const std::string& path, const Place&, Diagnostics&) {
    if (path == "top.yaml") return std::optional(top);
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return std::optional(text.str());
  };
  Diagnostics diagnostics;
  Config config = load_config("top.yaml",
                              {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense",
                               name == "forms" ? "adc.bits=4" : "adc.bits=6"},
                              diagnostics, read);
  CHECK(diagnostics.text() == "");
  return config;
}

struct SeriesRow {
  int bits;
  double energy_pj;
  double area_um2;
};

void check_series(const std::string& name, std::initializer_list<SeriesRow> rows) {
  const Config config = with_series(name);
  REQUIRE(config.valid());
  const AdcModel& adc = config.variant<AdcModel>();
  int first = kMaxAdcBits;
  int last = 1;
  for (const SeriesRow& row : rows) {
    INFO(name << ", " << row.bits << " bits");
    const ComponentCost cost = adc.cost(row.bits, 32_nm);
    CHECK(cost.energy.si() * 1e12 == Approx(row.energy_pj).epsilon(1e-4));
    CHECK(cost.area.si() * 1e12 == Approx(row.area_um2).epsilon(1e-4));
    CHECK_FALSE(cost.extrapolated);
    first = std::min(first, row.bits);
    last = std::max(last, row.bits);
  }
  if (first > 1) CHECK_THROWS_AS(adc.cost(first - 1, 32_nm), std::invalid_argument);
  CHECK_THROWS_AS(adc.cost(last + 1, 32_nm), std::invalid_argument);
  CHECK(adc.source().find(fmt::format("{} to {} bits", first, last)) != std::string::npos);
}

TEST_CASE("published series of ADCs are as published, and end where they end", "[validation]") {
  // Power over rate: 1.63 uW and 0.7, 1.26 mW at 1 GS/s, 2 mW at 1.28 GS/s, 6.92 mW at 1.5 GS/s.
  check_series("mnsim",
               {{1, 1.63e-3, 1}, {4, 0.7, 500}, {6, 1.26, 580}, {8, 2 / 1.28, 1200}, {10, 6.92 / 1.5, 1600}});
  check_series("sme", {{6, 0.6425 / 1.2, 587.5}});
  check_series("forms", {{4, 15.2 / 32 / 2.1, 284.4}});
  const auto defaults = Registry<AdcModel>::instance().create("table");
  const Config shipped = with_series("mnsim");
  for (int bits = 1; bits <= 10; ++bits) {
    CHECK(defaults->cost(bits, 32_nm).energy == shipped.variant<AdcModel>().cost(bits, 32_nm).energy);
    CHECK(defaults->cost(bits, 32_nm).area == shipped.variant<AdcModel>().cost(bits, 32_nm).area);
  }
}

TEST_CASE("figures of merit are what they are defined as", "[adc]") {
  const auto& models = Registry<AdcModel>::instance();
  const auto walden = models.create("walden", "{figure_of_merit: 10 fJ, lost_bits: 1.5}");
  CHECK(walden->cost(8, 32_nm).energy.si() == Approx(10e-15 * std::exp2(6.5)));
  CHECK(walden->cost(9, 32_nm).energy.si() == Approx(2 * walden->cost(8, 32_nm).energy.si()));
  const auto schreier = models.create("schreier", "{figure_of_merit_db: 170, cost_rate: 1 GHz}");
  for (const int bits : {4, 8, 12}) {
    const ComponentCost cost = schreier->cost(bits, 32_nm);
    // FOM_S = SNDR + 10 log10((f_s / 2) / P), ENOB = (SNDR - 1.76) / 6.02.
    const double sndr = 6.0206 * bits + 1.7609;
    CHECK(sndr + 10 * std::log10(0.5e9 / cost.power.si()) == Approx(170).epsilon(1e-5));
  }
  CHECK(schreier->cost(9, 32_nm).energy.si() == Approx(4 * schreier->cost(8, 32_nm).energy.si()));
}

}  // namespace
}  // namespace squeezebar::test
