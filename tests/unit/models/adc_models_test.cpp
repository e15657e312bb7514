// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adc.h"
#include "sim/base/registry.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const Length kNode = 32_nm;

ComponentCost cost(const char* model, const char* yaml, int bits) {
  return Registry<AdcModel>::instance().create(model, yaml)->cost(bits, kNode);
}

TEST_CASE("clipping ADCs have steps of one") {
  const auto adc = Registry<AdcModel>::instance().create("isaac");
  CHECK(adc->transfer(8, AdcRange::clip, 100000) == AdcTransfer{255, 256});
  CHECK(adc->transfer(1, AdcRange::clip, 5) == AdcTransfer{1, 256});
}

TEST_CASE("full-range ADCs take the smallest step whose highest code reaches the bound") {
  const auto adc = Registry<AdcModel>::instance().create("isaac");
  CHECK(adc->transfer(6, AdcRange::full, 63) == AdcTransfer{63, 256});
  CHECK(adc->transfer(6, AdcRange::full, 0) == AdcTransfer{63, 256});
  CHECK(adc->transfer(6, AdcRange::full, 128) == AdcTransfer{63, 521});  // ceil(256 * 128 / 63)
  CHECK(adc->transfer(6, AdcRange::full, 128).unsaturated(128) == 63);
  CHECK_THROWS_AS(adc->transfer(0, AdcRange::clip, 1), std::invalid_argument);
  CHECK_THROWS_AS(adc->transfer(17, AdcRange::clip, 1), std::invalid_argument);
  CHECK_THROWS_AS(adc->transfer(8, AdcRange::full, -1), std::invalid_argument);
}

TEST_CASE("timing is the configured rate") {
  const auto adc = Registry<AdcModel>::instance().create("linear");
  CHECK(adc->timing(6, Rate(1_GHz)).rate == Rate(1_GHz));
}

TEST_CASE("the linear model reproduces its reference point and scales with bits") {
  const char* sme =
      "{reference_bits: 6, power: 0.6425 mW, area: 587.5 um2, cost_rate: 1.2 GHz, leakage: 6 uW}";
  CHECK(cost("linear", sme, 6).energy.si() == Approx(0.5354e-12).epsilon(1e-4));
  CHECK(cost("linear", sme, 6).area == quantity<Area>("587.5 um2"));
  CHECK(cost("linear", sme, 3).energy.si() == Approx(cost("linear", sme, 6).energy.si() / 2));
  CHECK(cost("linear", sme, 3).leakage.si() == Approx(3e-6));
  CHECK_FALSE(cost("linear", sme, 3).extrapolated);
}

TEST_CASE("the exponential model doubles with each bit") {
  CHECK(cost("exponential", "{}", 8).power == 2_mW);
  CHECK(cost("exponential", "{}", 9).power == 4_mW);
  CHECK(cost("exponential", "{}", 6).area == 300_um2);
}

TEST_CASE("ISAAC's rule is its own reference at the reference resolution") {
  CHECK(cost("isaac", "{}", 8).power == 2_mW);
  CHECK(cost("isaac", "{}", 8).area == 1200_um2);
  CHECK(cost("isaac", "{reference_bits: 6, power: 1 mW}", 6).power == 1_mW);
  CHECK_THROWS_AS(cost("isaac", "{linear_power: 0 W, doubling_power: 0 W}", 8), UserError);
}

TEST_CASE("the survey scales below its fit from 4 bits and says so") {
  const ComponentCost four = cost("survey", "{}", 4);
  const ComponentCost two = cost("survey", "{}", 2);
  CHECK_FALSE(four.extrapolated);
  CHECK(two.extrapolated);
  CHECK(two.energy.si() == Approx(four.energy.si() / 2));
  CHECK(two.area.si() == Approx(four.area.si() / 2));
  CHECK(cost("survey", "{energy_scale: 0.5, area_scale: 0.25}", 4).energy.si() ==
        Approx(four.energy.si() / 2));
  CHECK(cost("survey", "{energy_scale: 0.5, area_scale: 0.25}", 4).area.si() == Approx(four.area.si() / 4));
}

TEST_CASE("the table interpolates inside its series and refuses what lies outside") {
  const char* series =
      "{series: x, series_bits: [4, 8], series_energy: [1 pJ, 4 pJ], series_area: [100 um2, 400 um2]}";
  CHECK(cost("table", series, 4).energy == 1_pJ);
  CHECK(cost("table", series, 6).energy.si() == Approx(2e-12));
  CHECK(cost("table", series, 6).area.si() == Approx(200e-12));
  CHECK(cost("table", series, 8).energy == 4_pJ);
  CHECK_THROWS_AS(cost("table", series, 3), std::invalid_argument);
  CHECK_THROWS_AS(cost("table", series, 9), std::invalid_argument);
}

TEST_CASE("the table extrapolates in proportion to bits when asked") {
  const char* series =
      "{series: x, series_bits: [4, 8], series_energy: [1 pJ, 4 pJ], series_area: [100 um2, 400 um2], "
      "extrapolate: linear}";
  CHECK(cost("table", series, 2).energy.si() == Approx(0.5e-12));
  CHECK(cost("table", series, 2).extrapolated);
  CHECK(cost("table", series, 12).energy.si() == Approx(6e-12));
  CHECK_FALSE(cost("table", series, 5).extrapolated);
}

TEST_CASE("a table that makes no sense is refused") {
  CHECK_THROWS_AS(
      cost("table", "{series_bits: [8, 4], series_energy: [1 pJ, 2 pJ], series_area: [1 um2, 2 um2]}", 8),
      UserError);
  CHECK_THROWS_AS(
      cost("table", "{series_bits: [4, 8], series_energy: [2 pJ, 1 pJ], series_area: [1 um2, 2 um2]}", 8),
      UserError);
  CHECK_THROWS_AS(
      cost("table", "{series_bits: [4, 8], series_energy: [1 pJ, 2 pJ], series_area: [2 um2, 1 um2]}", 8),
      UserError);
  CHECK_THROWS_AS(cost("table", "{series_bits: [4], series_energy: [1 pJ, 2 pJ], series_area: [1 um2]}", 4),
                  UserError);
  CHECK_THROWS_AS(cost("table", "{series_bits: [4], series_energy: [0 J], series_area: [1 um2]}", 4),
                  UserError);
}

}  // namespace
}  // namespace squeezebar::test
