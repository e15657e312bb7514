// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/cost_table.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

constexpr double kSumTolerance = 1e-12;

void check_component(const PricedComponent& component) {
  const auto check_value = [&component](double value, std::string_view what) {
    checked(value, fmt::format("the {} of component '{}'", what, component.name));
  };
  check_value(component.instances, "number of instances");
  check_value(component.cost.energy.si(), "energy");
  check_value(component.cost.power.si(), "power");
  check_value(component.cost.leakage.si(), "leakage");
  check_value(component.cost.area.si(), "area");
  check_value(component.static_power.si(), "static power");
  for (const auto& [size, energy] : component.energy_by_size)
    check_value(energy.si(), fmt::format("energy at size {}", size));
}

}  // namespace

double CostTable::units(Level level) const {
  switch (level) {
    case Level::chip:
      return 1.0;
    case Level::tile:
      return tiles;
    case Level::element:
      return elements;
    case Level::crossbar:
      return crossbars;
  }
  throw std::logic_error("unknown level");
}

const PricedComponent* CostTable::find(std::string_view name) const {
  const auto position =
      std::find_if(components.begin(), components.end(),
                   [name](const PricedComponent& component) { return component.name == name; });
  return position == components.end() ? nullptr : &*position;
}

const PricedComponent& CostTable::at(std::string_view name) const {
  const PricedComponent* component = find(name);
  if (component == nullptr) throw std::logic_error(fmt::format("no component is called '{}'", name));
  return *component;
}

PricedComponent& CostTable::at(std::string_view name) {
  return const_cast<PricedComponent&>(std::as_const(*this).at(name));
}

void check(const CostTable& table) {
  for (const Level level : {Level::tile, Level::element, Level::crossbar}) {
    checked(table.units(level), "a number of units on the chip");
  }
  std::set<std::string_view> names;
  std::set<ActionId> actions;
  for (const PricedComponent& component : table.components) {
    check_component(component);
    if (!names.insert(component.name).second) {
      throw RunError(fmt::format("component '{}' is in the cost table twice", component.name));
    }
    if (component.action && !actions.insert(*component.action).second) {
      throw RunError(fmt::format("the action of component '{}' has two prices", component.name));
    }
  }
}

double checked(double value, std::string_view what) {
  if (!std::isfinite(value) || value < 0.0) throw RunError(fmt::format("{} is {}", what, value));
  return value;
}

void check_sum(double parts, double total, std::string_view what) {
  const double largest = std::max(std::abs(parts), std::abs(total));
  if (!(std::abs(parts - total) <= kSumTolerance * largest)) {
    throw RunError(fmt::format("{}: the parts sum to {}, the total is {}", what, parts, total));
  }
}

}  // namespace squeezebar
