// SPDX-License-Identifier: Apache-2.0
#include "sim/report/number_text.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace squeezebar {

std::string count_text(std::uint64_t value) {
  const std::string digits = fmt::format("{}", value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string count_text(std::int64_t value) {
  if (value >= 0) return count_text(static_cast<std::uint64_t>(value));
  return fmt::format("-{}", count_text(~static_cast<std::uint64_t>(value) + 1));
}

std::string rough_count_text(double value) {
  static constexpr std::array kNames{"", " thousand", " million", " billion", " trillion"};
  std::size_t step = 0;
  // 999.5 would be rounded to 1000 of the smaller name.
  while (step + 1 < kNames.size() && std::abs(value) >= (step == 0 ? 1000.0 : 999.5)) {
    value /= 1000.0;
    ++step;
  }
  return fmt::format("{:.{}g}{}", value, step == 0 ? 4 : 3, kNames[step]);
}

std::string rounded_text(double value, int digits) { return fmt::format("{:.{}g}", value, digits); }

std::string percent_text(double fraction) {
  const double percent = 100.0 * fraction;
  if (percent == 0.0 || percent == 100.0) return fmt::format("{:.0f} %", percent);
  if (std::abs(percent) < 1.0) return fmt::format("{:.2g} %", percent);
  return fmt::format("{:.2f} %", percent);
}

std::optional<double> fraction_of(double part, double whole) {
  if (!(whole > 0.0)) return std::nullopt;
  return part / whole;
}

std::string counted(std::int64_t count, const std::string& singular, const std::string& plural) {
  return count_text(count) + " " + (count == 1 ? singular : plural);
}

}  // namespace squeezebar
