// SPDX-License-Identifier: Apache-2.0
#include "sim/base/unit_table.h"

#include <array>
#include <cmath>
#include <cstdlib>

namespace squeezebar {
namespace {

constexpr UnitName decimal(std::string_view name, Dimension dimension, int exponent) {
  return {name, dimension, exponent};
}
constexpr UnitName binary(std::string_view name, Dimension dimension, int exponent) {
  return {name, dimension, exponent, 2};
}
constexpr UnitName only_read(UnitName unit) {
  unit.only_read = true;
  return unit;
}

/// Per dimension from small to large.
constexpr std::array kUnits = {
    decimal("fs", Dimension::time, -15),
    decimal("ps", Dimension::time, -12),
    decimal("ns", Dimension::time, -9),
    decimal("us", Dimension::time, -6),
    decimal("ms", Dimension::time, -3),
    decimal("s", Dimension::time, 0),
    decimal("Hz", Dimension::frequency, 0),
    decimal("kHz", Dimension::frequency, 3),
    decimal("MHz", Dimension::frequency, 6),
    decimal("GHz", Dimension::frequency, 9),
    decimal("aJ", Dimension::energy, -18),
    decimal("fJ", Dimension::energy, -15),
    decimal("pJ", Dimension::energy, -12),
    decimal("nJ", Dimension::energy, -9),
    decimal("uJ", Dimension::energy, -6),
    decimal("mJ", Dimension::energy, -3),
    decimal("J", Dimension::energy, 0),
    decimal("kJ", Dimension::energy, 3),
    decimal("pW", Dimension::power, -12),
    decimal("nW", Dimension::power, -9),
    decimal("uW", Dimension::power, -6),
    decimal("mW", Dimension::power, -3),
    decimal("W", Dimension::power, 0),
    decimal("kW", Dimension::power, 3),
    decimal("um2", Dimension::area, -12),
    decimal("mm2", Dimension::area, -6),
    decimal("nm", Dimension::length, -9),
    decimal("um", Dimension::length, -6),
    decimal("mm", Dimension::length, -3),
    binary("B", Dimension::capacity, 0),
    binary("KB", Dimension::capacity, 10),
    only_read(binary("KiB", Dimension::capacity, 10)),
    binary("MB", Dimension::capacity, 20),
    only_read(binary("MiB", Dimension::capacity, 20)),
    binary("GB", Dimension::capacity, 30),
    only_read(binary("GiB", Dimension::capacity, 30)),
    decimal("B/s", Dimension::bandwidth, 0),
    decimal("KB/s", Dimension::bandwidth, 3),
    only_read(binary("KiB/s", Dimension::bandwidth, 10)),
    decimal("MB/s", Dimension::bandwidth, 6),
    only_read(binary("MiB/s", Dimension::bandwidth, 20)),
    decimal("GB/s", Dimension::bandwidth, 9),
    only_read(binary("GiB/s", Dimension::bandwidth, 30)),
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

double UnitName::size() const { return base == 2 ? std::ldexp(1.0, exponent) : std::pow(10.0, exponent); }

double in_unit(double number, const UnitName& from, const UnitName& to) {
  if (from.base != to.base) return number * from.size() / to.size();
  const int shift = from.exponent - to.exponent;
  if (from.base == 2) return std::ldexp(number, shift);
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

std::vector<UnitName> written_units_of(Dimension dimension) {
  std::vector<UnitName> out = units_of(dimension);
  std::erase_if(out, [](const UnitName& unit) { return unit.only_read; });
  return out;
}

std::string_view dimension_name(Dimension dimension) { return text_of(dimension).name; }
std::string_view example_quantity(Dimension dimension) { return text_of(dimension).example; }
std::string_view si_unit(Dimension dimension) { return text_of(dimension).si_unit; }

}  // namespace squeezebar
