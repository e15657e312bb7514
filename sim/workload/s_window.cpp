// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/s_window.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace squeezebar {
namespace {

double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

/// Of a positive normal number.
int exponent_of(double value) { return static_cast<int>(std::bit_cast<std::uint64_t>(value) >> 52) - 1023; }

/// For 0 <= value < 2^51: adding 1.5 * 2^52 leaves no bit for a fraction, so the addition rounds.
double round_half_even(double value) {
  constexpr double kNoFraction = 6755399441055744.0;
  return (value + kNoFraction) - kNoFraction;
}

int nearest(const SWindow& pattern, double a) {
  if (!(a >= power_of_two(-(pattern.bits + 1)))) return 0;
  if (a >= 1.0) return pattern.largest();
  const int leading = -exponent_of(a);  // 2^-leading <= a < 2^(1 - leading)
  const int last = std::min(leading + pattern.window - 1, pattern.bits);
  // Rounds half to even; the result counts steps of 2^-last.
  const auto steps = static_cast<int>(round_half_even(a * power_of_two(last)));
  return std::min(steps << (pattern.bits - last), pattern.largest());
}

}  // namespace

int SWindow::magnitude(double a) const { return nearest(*this, a); }

double SWindow::scale(double largest_weight) const {
  if (largest_weight <= 0.0) return 1.0;
  int exponent = 0;
  const double fraction = std::frexp(largest_weight / (1.0 - std::ldexp(1.0, -window)), &exponent);
  return std::ldexp(1.0, fraction == 0.5 ? exponent - 1 : exponent);
}

std::vector<std::int16_t> s_window_codes(std::span<const double> weights, const SWindow& pattern,
                                         double scale) {
  std::vector<std::int16_t> out;
  out.reserve(weights.size());
  for (const double weight : weights) {
    const int magnitude = nearest(pattern, std::abs(weight) / scale);
    const int sign = weight < 0.0 ? -1 : 1;
    out.push_back(static_cast<std::int16_t>(sign * magnitude));
  }
  return out;
}

}  // namespace squeezebar
