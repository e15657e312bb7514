// SPDX-License-Identifier: Apache-2.0
#include "sim/base/cycles.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>
#include <fmt/format.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

using boost::multiprecision::cpp_int;
/// A fraction that nothing rounds.
using Exact = boost::multiprecision::cpp_rational;

std::int64_t ceil(const Exact& value) {
  const cpp_int over = numerator(value);
  const cpp_int under = denominator(value);
  const cpp_int rounded = (over + under - 1) / under;
  if (rounded > std::numeric_limits<std::int64_t>::max())
    throw RunError("a duration has too many cycles to count");
  return rounded.convert_to<std::int64_t>();
}

/// The shortest decimal number that reads back as the double.
Exact decimal(double value) {
  std::array<char, 32> shortest;  // d.ddde-xx
  char* const end =
      std::to_chars(shortest.data(), shortest.data() + shortest.size(), value, std::chars_format::scientific)
          .ptr;
  const std::string text(shortest.data(), end);
  const std::size_t mark = text.find('e');
  std::string digits = text.substr(0, mark);
  int exponent = std::stoi(text.substr(mark + 1));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  const cpp_int power = pow(cpp_int(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Exact(cpp_int(digits), power) : Exact(cpp_int(digits) * power);
}

Exact exact(Time duration) {
  if (!std::isfinite(duration.si()) || duration.si() < 0.0)
    throw RunError(fmt::format("a duration of {} s has no number of cycles", duration.si()));
  return decimal(duration.si());
}

Exact exact(Frequency frequency) {
  if (!std::isfinite(frequency.si()) || frequency.si() <= 0.0)
    throw RunError(fmt::format("cycles cannot be counted at {} Hz", frequency.si()));
  return decimal(frequency.si());
}

/// How long `n` events take.
Exact exact(std::int64_t n, const Rate& rate) {
  if (n < 0) throw RunError(fmt::format("cannot count the cycles of {} events", n));
  if (rate.times <= 0 || rate.over <= 0)
    throw RunError(fmt::format("cycles cannot be counted at {}/{} of a rate", rate.times, rate.over));
  return Exact(n) * rate.over / (exact(rate.base) * rate.times);
}

}  // namespace

std::int64_t cycles_ceil(Time duration, Frequency clock) { return ceil(exact(duration) * exact(clock)); }

std::int64_t cycles_ceil_count(std::int64_t n, const Rate& rate, Frequency clock) {
  return ceil(exact(n, rate) * exact(clock));
}

std::int64_t cycles_ceil_sum(Time duration, std::int64_t n, const Rate& rate, Frequency clock) {
  return ceil((exact(duration) + exact(n, rate)) * exact(clock));
}

}  // namespace squeezebar
