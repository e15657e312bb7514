// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>
#include <string>

#include <rapidcheck.h>

#include "sim/energy/account.h"
#include "sim/energy/breakdown.h"
#include "sim/terms/adc_transfer.h"
#include "tests/catch.h"

// Laws of accounting, on random chips and counts.

namespace squeezebar::test {
namespace {

/// A non-negative number of random magnitude.
double random_value() {
  const int mantissa = *rc::gen::inRange(0, 100000);
  const int exponent = *rc::gen::inRange(-15, -3);
  return mantissa * std::pow(10.0, exponent);
}

/// Every action priced, by components of random cost, and one component that no action uses.
CostTable random_table() {
  CostTable table;
  table.tiles = *rc::gen::inRange(1, 200);
  table.elements = table.tiles * *rc::gen::inRange(1, 20);
  table.crossbars = table.elements * *rc::gen::inRange(1, 20);
  std::set<std::string> named;
  for (const ActionInfo& action : actions()) {
    if (!named.insert(action.component).second) continue;
    PricedComponent component;
    component.name = action.component;
    component.level = *rc::gen::element(Level::tile, Level::element, Level::crossbar);
    component.instances = table.units(component.level) * *rc::gen::inRange(0, 130) / 4.0;
    component.cost.energy = Energy(random_value());
    component.cost.power = Power(random_value());
    component.cost.leakage = Power(random_value());
    component.cost.area = Area(random_value());
    component.action = action_id(action.component, action.name);
    table.components.push_back(component);
  }
  PricedComponent link;
  link.name = "chip_link";
  link.instances = *rc::gen::inRange(0, 5);
  link.static_power = Power(random_value());
  table.components.push_back(link);
  for (int bits = 1; bits <= kMaxAdcBits; ++bits)
    table.at("adc").energy_by_size[bits] = Energy(random_value());
  return table;
}

ActionCounts random_counts(const CostTable& table) {
  ActionCounts counts;
  for (const PricedComponent& component : table.components) {
    if (!component.action || !component.energy_by_size.empty()) continue;
    counts.add(*component.action, *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000));
  }
  for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
    counts.add({action_id("adc", "convert"), *rc::gen::inRange(1, kMaxAdcBits + 1)},
               *rc::gen::inRange<std::uint64_t>(0, 1'000'000'000));
  }
  return counts;
}

std::vector<LayerCounts> random_layers(const CostTable& table) {
  std::vector<LayerCounts> layers;
  for (int n = *rc::gen::inRange(0, 6); n > 0; --n)
    layers.push_back({"layer" + std::to_string(n), random_counts(table)});
  return layers;
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b)); }

TEST_CASE("the parts of energy sum to the total") {
  CHECK(rc::check([] {
    const CostTable table = random_table();
    const EnergyResult result = account(table, random_layers(table), Time(random_value()));
    double parts = 0.0;
    for (const PricedEnergy& component : result.components) parts += component.total.si();
    double layers = result.leakage.si();
    for (const LayerEnergy& layer : result.layers) {
      for (const Energy energy : layer.components) layers += energy.si();
    }
    RC_ASSERT(close(parts, result.total.si()));
    RC_ASSERT(close(layers, result.total.si()));
  }));
}

TEST_CASE("it does not matter which layer did something") {
  CHECK(rc::check([] {
    const CostTable table = random_table();
    const std::vector<LayerCounts> layers = random_layers(table);
    ActionCounts sum;
    for (const LayerCounts& layer : layers) sum += layer.counts;
    const Time latency(random_value());
    const EnergyResult apart = account(table, layers, latency);
    const EnergyResult together = account(table, std::vector<LayerCounts>{{"all", sum}}, latency);
    RC_ASSERT(apart.total == together.total);
    RC_ASSERT(apart.dynamic == together.dynamic);
  }));
}

TEST_CASE("twice the work takes twice the dynamic energy and the same leakage") {
  CHECK(rc::check([] {
    const CostTable table = random_table();
    std::vector<LayerCounts> layers = random_layers(table);
    const Time latency(random_value());
    const EnergyResult once = account(table, layers, latency);
    for (LayerCounts& layer : layers) layer.counts += ActionCounts(layer.counts);
    const EnergyResult twice = account(table, layers, latency);
    RC_ASSERT(close(twice.dynamic.si(), 2 * once.dynamic.si()));
    RC_ASSERT(twice.leakage == once.leakage);
  }));
}

TEST_CASE("leakage grows with time, dynamic energy does not") {
  CHECK(rc::check([] {
    const CostTable table = random_table();
    const std::vector<LayerCounts> layers = random_layers(table);
    const Time latency(random_value());
    const EnergyResult once = account(table, layers, latency);
    const EnergyResult longer = account(table, layers, 3 * latency);
    RC_ASSERT(longer.dynamic == once.dynamic);
    RC_ASSERT(close(longer.leakage.si(), 3 * once.leakage.si()));
  }));
}

TEST_CASE("a dearer component changes its own energy only") {
  CHECK(rc::check([] {
    CostTable table = random_table();
    const std::vector<LayerCounts> layers = random_layers(table);
    const EnergyResult before = account(table, layers, 1_us);
    const auto changed = static_cast<std::size_t>(&table.at("buffer") - table.components.data());
    table.components[changed].cost.energy *= 2.0;
    const EnergyResult after = account(table, layers, 1_us);
    for (std::size_t i = 0; i < table.components.size(); ++i) {
      const double factor = i == changed ? 2.0 : 1.0;
      RC_ASSERT(close(after.components[i].dynamic.si(), factor * before.components[i].dynamic.si()));
      RC_ASSERT(after.components[i].leakage == before.components[i].leakage);
    }
  }));
}

TEST_CASE("tiles and what stands outside them make up the chip") {
  CHECK(rc::check([] {
    const CostTable table = random_table();
    const Breakdown chip = breakdown(table, Level::chip);
    const Breakdown tile = breakdown(table, Level::tile);
    const BreakdownLine& link = chip.line("chip_link");
    RC_ASSERT(close(chip.power.si(), tile.power.si() * table.tiles + link.power.si()));
    RC_ASSERT(close(chip.area.si(), tile.area.si() * table.tiles + link.area.si()));
  }));
}

}  // namespace
}  // namespace squeezebar::test
