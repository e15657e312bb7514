// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "sim/base/units.h"

namespace squeezebar {

/// A unit is base^exponent SI base units.
struct UnitName {
  std::string_view name;
  Dimension dimension;
  int exponent;
  int base = 10;           ///< 10 or 2
  bool only_read = false;  ///< Another unit of the dimension is written in its place.

  [[nodiscard]] double size() const;  ///< In SI base units.
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
/// Those of them in which numbers are written.
std::vector<UnitName> written_units_of(Dimension dimension);

}  // namespace squeezebar
