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

/// The same of a name as people write it ("µs"), or nullptr.
const UnitName* find_written_unit(std::string_view text);

/// A number in another unit of the same dimension.
double in_unit(double number, const UnitName& from, const UnitName& to);

/// Every unit, those of a dimension from small to large.
std::vector<UnitName> all_units();
/// The units of a dimension from small to large.
std::vector<UnitName> units_of(Dimension dimension);

}  // namespace squeezebar
