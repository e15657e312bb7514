// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/breakdown.h"

#include <stdexcept>

#include "sim/base/diag.h"
#include "sim/energy/sum.h"

namespace squeezebar {

const BreakdownLine& Breakdown::line(std::string_view name) const {
  for (const BreakdownLine& candidate : lines) {
    if (candidate.name == name) return candidate;
  }
  throw std::out_of_range("the breakdown has no component '" + std::string(name) + "'");
}

Breakdown breakdown(const CostTable& table, Level level) {
  check(table);
  const double units = table.units(level);
  if (units <= 0.0) throw RunError("the chip has no unit to break down");
  Breakdown result;
  Sum power;
  Sum area;
  for (const PricedComponent& component : table.components) {
    if (component.level < level) continue;
    const double share = component.instances / units;
    result.lines.push_back({component.name, (component.cost.power + component.static_power) * share,
                            component.cost.area * share});
    power += result.lines.back().power.si();
    area += result.lines.back().area.si();
  }
  result.power = checked(Power(power.value()), "the nameplate power");
  result.area = checked(Area(area.value()), "the area");
  return result;
}

}  // namespace squeezebar
