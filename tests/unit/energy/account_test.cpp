// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/account.h"

#include <limits>

#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

// The hardware that would register them is no part of these tests.
const RegisterAction read{"crossbar", "read", "one read"};
const RegisterAction conversion{"adc", "convert", "one conversion"};
const RegisterAction transfer{"noc", "transfer", "one byte"};

PricedComponent component(const char* name, double instances, Energy energy, std::optional<ActionId> action) {
  PricedComponent result;
  result.name = name;
  result.instances = instances;
  result.cost.energy = energy;
  result.action = action;
  return result;
}

CostTable table() {
  CostTable result;
  result.tiles = result.elements = result.crossbars = 1;
  result.components = {component("crossbar", 2, 30_pJ, action_id("crossbar", "read")),
                       component("adc", 2, 2_pJ, action_id("adc", "convert")),
                       component("chip_link", 4, {}, {})};
  result.components[0].cost.leakage = 1_mW;
  result.components[2].static_power = 3_W;
  result.components[1].energy_by_size = {{6, 1_pJ}, {8, 2_pJ}};
  return result;
}

LayerCounts layer(const char* name, std::uint64_t reads, std::uint64_t conversions, int bits) {
  LayerCounts result{name, {}};
  result.counts.add(action_id("crossbar", "read"), reads);
  result.counts.add({action_id("adc", "convert"), bits}, conversions);
  return result;
}

TEST_CASE("counts are priced by layer and component") {
  const std::vector<LayerCounts> layers{layer("a", 10, 1000, 8), layer("b", 5, 500, 6)};
  const EnergyResult result = account(table(), layers, 1_us);
  REQUIRE(result.layers.size() == 2);
  CHECK(result.layers[0].name == "a");
  CHECK(result.layers[0].components[0].si() == Approx(300e-12));
  CHECK(result.layers[0].components[1].si() == Approx(2000e-12));
  CHECK(result.layers[1].components[1].si() == Approx(500e-12));
  CHECK(result.layers[1].total.si() == Approx(650e-12));
  CHECK(result.components[0].dynamic.si() == Approx(450e-12));
  CHECK(result.dynamic.si() == Approx(2950e-12));
}

TEST_CASE("every instance leaks over the whole latency") {
  const EnergyResult result = account(table(), {}, 2_us);
  CHECK(result.dynamic.si() == 0.0);
  CHECK(result.components[0].leakage.si() == Approx(2 * 1e-3 * 2e-6));
  CHECK(result.components[1].leakage.si() == 0.0);
  CHECK(result.components[2].leakage.si() == Approx(4 * 3 * 2e-6));
  CHECK(result.total.si() == Approx(4e-9 + 24e-6));
}

TEST_CASE("an action without a price is an error") {
  std::vector<LayerCounts> layers{layer("a", 1, 0, 8)};
  layers[0].counts.add(action_id("noc", "transfer"), 1);
  CHECK_THROWS_WITH(account(table(), layers, 1_us), ContainsSubstring("layer 'a' used noc.transfer"));
}

TEST_CASE("a resolution without a price is an error") {
  const std::vector<LayerCounts> layers{layer("a", 1, 1, 7)};
  CHECK_THROWS_WITH(account(table(), layers, 1_us), ContainsSubstring("adc.convert of size 7 has no price"));
}

TEST_CASE("counts that overflow are an error") {
  const std::vector<LayerCounts> layers{layer("a", std::numeric_limits<std::uint64_t>::max(), 0, 8),
                                        layer("b", 1, 0, 8)};
  CHECK_THROWS_AS(account(table(), layers, 1_us), RunError);
}

TEST_CASE("impossible costs are errors") {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<LayerCounts> layers{layer("a", 10, 0, 8)};
  CostTable bad = table();
  bad.components[0].cost.energy = Energy(-1e-12);
  CHECK_THROWS_WITH(account(bad, layers, 1_us),
                    ContainsSubstring("the energy of component 'crossbar' is -1e-12"));
  bad = table();
  bad.components[0].cost.leakage = Power(infinity);
  CHECK_THROWS_AS(account(bad, layers, 1_us), RunError);
  bad = table();
  bad.components[0].cost.energy = Energy(1e308);
  CHECK_THROWS_AS(account(bad, layers, 1_us), RunError);
  bad = table();
  bad.components[1].energy_by_size[8] = Energy(std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(account(bad, layers, 1_us), RunError);
  CHECK_THROWS_AS(account(table(), layers, Time(-1.0)), RunError);
  CHECK_THROWS_AS(account(table(), layers, Time(infinity)), RunError);
}

TEST_CASE("a table names each component and prices each action once") {
  CostTable twice = table();
  twice.components.push_back(twice.components[0]);
  CHECK_THROWS_WITH(check(twice), ContainsSubstring("'crossbar' is in the cost table twice"));
  twice.components.back().name = "other";
  CHECK_THROWS_WITH(check(twice), ContainsSubstring("the action of component 'other' has two prices"));
}

TEST_CASE("sums are compared relative to their size") {
  CHECK_NOTHROW(check_sum(0.0, 0.0, "x"));
  CHECK_NOTHROW(check_sum(1.0, 1.0 + 1e-13, "x"));
  CHECK_THROWS_AS(check_sum(1.0, 1.0 + 1e-11, "x"), RunError);
  CHECK_THROWS_AS(check_sum(1e-20, 1.1e-20, "x"), RunError);
  CHECK_THROWS_AS(check_sum(std::numeric_limits<double>::quiet_NaN(), 1.0, "x"), RunError);
}

}  // namespace
}  // namespace squeezebar::test
