// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fmt/core.h>

#include "sim/base/unit_table.h"
#include "sim/base/units.h"

namespace squeezebar {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// d.ddd and the exponent of the shortest text that reads back as `value`.
struct Shortest {
  std::string digits;  ///< Without sign and point.
  int exponent = 0;    ///< Of the first digit.
  bool negative = false;
};

Shortest shortest(double value, int digits = 0) {
  const std::string text = digits > 0 ? fmt::format("{:.{}e}", value, digits - 1) : [value] {
    std::array<char, 64> buffer{};
    const auto result =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    return std::string(buffer.data(), result.ptr);
  }();
  Shortest out;
  const std::size_t e = text.find('e');
  for (const char c : std::string_view(text).substr(0, e)) {
    if (c == '-') out.negative = true;
    if (is_digit(c)) out.digits += c;
  }
  while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
  out.exponent = std::atoi(text.c_str() + e + 1);
  return out;
}

/// Plain decimal where that is short, else with an exponent and a point (so that YAML 1.1 readers see a
/// number too).
std::string layout(const Shortest& number) {
  constexpr int kLargest = 15;
  constexpr int kSmallest = -5;
  const std::string sign = number.negative ? "-" : "";
  const int count = static_cast<int>(number.digits.size());
  const int point = number.exponent + 1;
  if (number.exponent < kSmallest || number.exponent > kLargest) {
    const std::string fraction = count > 1 ? number.digits.substr(1) : "0";
    return fmt::format("{}{}.{}e{}{}", sign, number.digits[0], fraction, number.exponent < 0 ? "-" : "+",
                       std::abs(number.exponent));
  }
  if (point <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + number.digits;
  if (point >= count) return sign + number.digits + std::string(static_cast<std::size_t>(point - count), '0');
  const auto at = static_cast<std::size_t>(point);
  return sign + number.digits.substr(0, at) + "." + number.digits.substr(at);
}

/// The unit in which zero is written.
UnitName zero_unit(Dimension dimension) {
  if (dimension == Dimension::area) return *find_unit("um2");
  if (dimension == Dimension::length) return *find_unit("um");
  for (const UnitName& unit : units_of(dimension)) {
    if (unit.exponent == 0) return unit;
  }
  throw std::logic_error("a dimension without a base unit");
}

UnitName readable_decimal_unit(const Shortest& number, Dimension dimension) {
  // The step between the units of area is 10^6; mm2 reads better from 0.01 mm2.
  const int early = dimension == Dimension::area ? 2 : 0;
  const std::vector<UnitName> units = written_units_of(dimension);
  UnitName best = units.front();
  for (const UnitName& unit : units) {
    if (number.exponent + early >= unit.exponent) best = unit;
  }
  return best;
}

UnitName readable_capacity_unit(double bytes) {
  const bool whole_bytes = std::floor(bytes) == bytes;
  UnitName best = *find_unit("B");
  for (const UnitName& unit : written_units_of(Dimension::capacity)) {
    const double count = std::ldexp(bytes, -unit.exponent);
    const bool whole = std::floor(count) == count;
    if (std::abs(count) >= 1.0 && (whole || !whole_bytes)) best = unit;
  }
  return best;
}

std::string format_with_unit(double si, Dimension dimension, int digits) {
  if (dimension == Dimension::none) return layout(shortest(si, digits));
  if (si == 0.0) return fmt::format("0 {}", zero_unit(dimension).name);
  if (dimension == Dimension::capacity) {
    const UnitName unit = readable_capacity_unit(si);
    return fmt::format("{} {}", layout(shortest(std::ldexp(si, -unit.exponent), digits)), unit.name);
  }
  Shortest number = shortest(si, digits);
  const UnitName unit = readable_decimal_unit(number, dimension);
  number.exponent -= unit.exponent;
  return fmt::format("{} {}", layout(number), unit.name);
}

}  // namespace

std::string format_number(double value) { return layout(shortest(value == 0.0 ? 0.0 : value)); }

std::string format_quantity(double si, Dimension dimension) {
  if (dimension == Dimension::none) return format_number(si);
  return format_with_unit(si, dimension, 0);
}

std::string format_rounded(double si, Dimension dimension, int digits) {
  if (!std::isfinite(si)) return fmt::format("{}", si);
  return format_with_unit(si == 0.0 ? 0.0 : si, dimension, digits);
}

std::string quantity_pattern(Dimension dimension) {
  std::string names;
  for (const UnitName& unit : units_of(dimension)) {
    if (!names.empty()) names += '|';
    for (std::size_t i = 0; i < unit.name.size(); ++i) {
      const char c = unit.name[i];
      if (c == 'u') {
        names += "(u|\u00b5|\u03bc)";
      } else if (c == '2') {
        names += "(2|\u00b2)";
      } else {
        names += c;
      }
    }
  }
  return "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)? *(" + names + ")$";
}

}  // namespace squeezebar
