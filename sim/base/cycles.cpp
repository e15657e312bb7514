// SPDX-License-Identifier: Apache-2.0
#include "sim/base/cycles.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

__extension__ using Int128 = __int128;

constexpr std::int64_t kFemtosecondsPerSecond = 1'000'000'000'000'000;

std::int64_t whole(double value, double least, const char* what) {
  // 2^63 is a double; the negated comparison also refuses NaN.
  if (!(value >= least && value < 9223372036854775808.0)) {
    throw RunError(fmt::format("{} is out of range when counting cycles: {}", what, value));
  }
  return std::llround(value);
}

std::int64_t femtoseconds(Time duration) { return whole(duration.si() * 1e15, 0.0, "a duration in fs"); }
std::int64_t hertz(Frequency frequency) { return whole(frequency.si(), 0.5, "a frequency in Hz"); }

Int128 times(Int128 a, Int128 b) {
  Int128 product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw RunError("a duration has too many cycles to count");
  return product;
}

Int128 plus(Int128 a, Int128 b) {
  Int128 sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw RunError("a duration has too many cycles to count");
  return sum;
}

std::int64_t quotient_ceil(Int128 numerator, Int128 denominator) {
  const Int128 result = numerator / denominator + (numerator % denominator != 0 ? 1 : 0);
  if (result > std::numeric_limits<std::int64_t>::max())
    throw RunError("a duration has too many cycles to count");
  return static_cast<std::int64_t>(result);
}

}  // namespace

std::int64_t cycles_ceil(Time duration, Frequency clock) {
  return quotient_ceil(times(femtoseconds(duration), hertz(clock)), kFemtosecondsPerSecond);
}

std::int64_t cycles_ceil_count(std::int64_t n, Frequency rate, Frequency clock) {
  if (n < 0) throw RunError(fmt::format("cannot count the cycles of {} events", n));
  return quotient_ceil(times(n, hertz(clock)), hertz(rate));
}

std::int64_t cycles_ceil_sum(Time duration, std::int64_t n, Frequency rate, Frequency clock) {
  if (n < 0) throw RunError(fmt::format("cannot count the cycles of {} events", n));
  const std::int64_t events_per_second = hertz(rate);
  const Int128 duration_part = times(femtoseconds(duration), events_per_second);
  const Int128 event_part = times(n, kFemtosecondsPerSecond);
  return quotient_ceil(times(plus(duration_part, event_part), hertz(clock)),
                       times(events_per_second, kFemtosecondsPerSecond));
}

}  // namespace squeezebar
