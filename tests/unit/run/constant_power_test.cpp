// SPDX-License-Identifier: Apache-2.0
#include "sim/run/constant_power.h"

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

/// A chip whose every conversion takes 1 nJ, with links and with ADCs that leak.
CostTable chip(Power links, Power leakage) {
  CostTable out;
  out.tiles = out.elements = out.crossbars = 1;
  PricedComponent adc;
  adc.name = "adc";
  adc.instances = 1;
  adc.action = action_id("adc", "convert");
  adc.energy_by_size = {{8, 1_nJ}};
  adc.cost.leakage = leakage;
  adc.less_constant_power = "fewer tiles";
  PricedComponent link;
  link.name = "chip_link";
  link.instances = 4;
  link.static_power = links;
  link.less_constant_power = "no links";
  out.components = {adc, link};
  return out;
}

/// The note of a run of 1 us with a thousand conversions, 1 uJ.
std::string note(Power links, Power leakage) {
  const CostTable table = chip(links, leakage);
  LayerCounts layer{"conv1", {}};
  layer.counts.add({action_id("adc", "convert"), 8}, 1000);
  return constant_power_note(table, account(table, std::vector{layer}, 1_us));
}

TEST_CASE("constant power of more than half of the energy is told with its largest component") {
  CHECK(note(6_W, {}) ==
        "96.00 % of the energy is constant power, drawn whatever the chip does, 100 % of it by the component "
        "chip_link: no links");
  CHECK(note(0.75_W, 6_W) ==
        "90.00 % of the energy is constant power, drawn whatever the chip does, 66.67 % of it by the "
        "component adc: fewer tiles");
}

TEST_CASE("constant power of at most half of the energy is no note") {
  CHECK(note({}, {}).empty());
  CHECK(note(0.125_W, 0.5_W).empty());
  CHECK(note({}, 1_W).empty());  // half of it
  CHECK_FALSE(note({}, 1.001_W).empty());
}

TEST_CASE("a run without any energy has no constant power") {
  const CostTable table = chip({}, {});
  CHECK(constant_power_note(table, account(table, {}, 1_us)).empty());
}

}  // namespace
}  // namespace squeezebar::test
