// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/energy/cost_table.h"

namespace squeezebar {

/// The share of one component in a unit of the chip.
struct BreakdownLine {
  std::string name;
  Power power;  ///< nameplate and static
  Area area;
};

struct Breakdown {
  std::vector<BreakdownLine> lines;
  Power power;
  Area area;

  /// The component's line; throws std::out_of_range if there is none.
  const BreakdownLine& line(std::string_view name) const;
};

/// Nameplate power and area of one unit of `level` and everything inside it. A component that units share
/// counts in proportion, and one of a higher level (the chip's links in a tile) is left out.
Breakdown breakdown(const CostTable& table, Level level);

/// Area of the whole chip by component.
inline Breakdown area(const CostTable& table) { return breakdown(table, Level::chip); }

}  // namespace squeezebar
