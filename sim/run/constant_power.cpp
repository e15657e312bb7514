// SPDX-License-Identifier: Apache-2.0
#include "sim/run/constant_power.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/report/number_text.h"

namespace squeezebar {

std::string constant_power_note(const CostTable& table, const EnergyResult& energy) {
  const double total = energy.total.si();
  const double constant = energy.leakage.si();
  if (!(constant > total / 2)) return {};
  const auto largest = std::max_element(
      energy.components.begin(), energy.components.end(),
      [](const PricedEnergy& a, const PricedEnergy& b) { return a.leakage.si() < b.leakage.si(); });
  return fmt::format(
      "{} of the energy is constant power, drawn whatever the chip does, {} of it by the component {}: {}",
      percent_text(constant / total), percent_text(largest->leakage.si() / constant), largest->name,
      table.find(largest->name)->less_constant_power);
}

}  // namespace squeezebar
