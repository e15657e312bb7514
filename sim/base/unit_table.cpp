// SPDX-License-Identifier: Apache-2.0
#include "sim/base/unit_table.h"

#include <array>
#include <cmath>
#include <cstdlib>

namespace squeezebar {
namespace {

/// Per dimension from small to large.
constexpr std::array kUnits = {
    UnitName{"fs", Dimension::time, -15},      UnitName{"ps", Dimension::time, -12},
    UnitName{"ns", Dimension::time, -9},       UnitName{"us", Dimension::time, -6},
    UnitName{"ms", Dimension::time, -3},       UnitName{"s", Dimension::time, 0},
    UnitName{"Hz", Dimension::frequency, 0},   UnitName{"kHz", Dimension::frequency, 3},
    UnitName{"MHz", Dimension::frequency, 6},  UnitName{"GHz", Dimension::frequency, 9},
    UnitName{"fJ", Dimension::energy, -15},    UnitName{"pJ", Dimension::energy, -12},
    UnitName{"nJ", Dimension::energy, -9},     UnitName{"uJ", Dimension::energy, -6},
    UnitName{"mJ", Dimension::energy, -3},     UnitName{"J", Dimension::energy, 0},
    UnitName{"nW", Dimension::power, -9},      UnitName{"uW", Dimension::power, -6},
    UnitName{"mW", Dimension::power, -3},      UnitName{"W", Dimension::power, 0},
    UnitName{"um2", Dimension::area, -12},     UnitName{"mm2", Dimension::area, -6},
    UnitName{"nm", Dimension::length, -9},     UnitName{"um", Dimension::length, -6},
    UnitName{"mm", Dimension::length, -3},     UnitName{"B", Dimension::capacity, 0},
    UnitName{"KB", Dimension::capacity, 10},   UnitName{"MB", Dimension::capacity, 20},
    UnitName{"GB", Dimension::capacity, 30},   UnitName{"B/s", Dimension::bandwidth, 0},
    UnitName{"KB/s", Dimension::bandwidth, 3}, UnitName{"MB/s", Dimension::bandwidth, 6},
    UnitName{"GB/s", Dimension::bandwidth, 9},
};

struct DimensionText {
  std::string_view name, example, si_unit;
};

/// In the order of Dimension.
constexpr std::array kDimensions = {
    DimensionText{"number", "1.2", ""},
    DimensionText{"time", "1.2 ns", "s"},
    DimensionText{"frequency", "1.2 GHz", "Hz"},
    DimensionText{"energy", "1.2 pJ", "J"},
    DimensionText{"power", "1.2 mW", "W"},
    DimensionText{"area", "0.12 mm2", "m2"},
    DimensionText{"length", "32 nm", "m"},
    DimensionText{"capacity", "64 KB", "B"},
    DimensionText{"bandwidth", "1.2 GB/s", "B/s"},
};

const DimensionText& text_of(Dimension dimension) {
  return kDimensions.at(static_cast<std::size_t>(dimension));
}

}  // namespace

const UnitName* find_unit(std::string_view name) {
  for (const UnitName& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::vector<UnitName> all_units() { return {kUnits.begin(), kUnits.end()}; }

double in_unit(double number, const UnitName& from, const UnitName& to) {
  const int shift = from.exponent - to.exponent;
  if (from.dimension == Dimension::capacity) return std::ldexp(number, shift);
  double factor = 1.0;  // exact up to 10^22, which its reciprocal is not
  for (int i = 0; i < std::abs(shift); ++i) factor *= 10.0;
  return shift < 0 ? number / factor : number * factor;
}

std::vector<UnitName> units_of(Dimension dimension) {
  std::vector<UnitName> out;
  for (const UnitName& unit : kUnits) {
    if (unit.dimension == dimension) out.push_back(unit);
  }
  return out;
}

std::string_view dimension_name(Dimension dimension) { return text_of(dimension).name; }
std::string_view example_quantity(Dimension dimension) { return text_of(dimension).example; }
std::string_view si_unit(Dimension dimension) { return text_of(dimension).si_unit; }

}  // namespace squeezebar
