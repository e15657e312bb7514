// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "sim/base/units.h"

namespace squeezebar {

/// A unit is 10^exponent (decimal) or 2^exponent (capacities) SI base units.
struct UnitName {
  std::string_view name;
  Dimension dimension;
  int exponent;
};

/// The unit of that name, or nullptr. Aliases are not known here.
const UnitName* find_unit(std::string_view name);

/// The units of a dimension from small to large.
std::vector<UnitName> units_of(Dimension dimension);

}  // namespace squeezebar
