// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/workload/feature_map.h"

namespace squeezebar {

/// Round half to even, for |value| < 2^51: adding 1.5 * 2^52 leaves no bit for a fraction, so the addition
/// rounds.
inline double round_half_even(double value) {
  constexpr double kNoFraction = 6755399441055744.0;
  return (value + kNoFraction) - kNoFraction;
}

/// clamp(round_half_even(value) + zero_point, min, max); the zero point is added as an integer. Cutting at
/// whole numbers before rounding gives the same code and keeps the value small.
inline std::int32_t to_clamped_code(double value, const Quantisation& q) {
  const double low = static_cast<double>(q.min) - static_cast<double>(q.zero_point);
  const double high = static_cast<double>(q.max) - static_cast<double>(q.zero_point);
  const double cut = value < low ? low : (value > high ? high : value);
  return static_cast<std::int32_t>(round_half_even(cut)) + q.zero_point;
}

/// The code of accumulator / 256 (ADC steps are k/256) plus bias, times the multiplier.
inline std::int32_t requantise(std::int64_t accumulator256, std::int32_t bias, double multiplier,
                               const Quantisation& q) {
  const std::int64_t total = accumulator256 + 256 * std::int64_t{bias};
  return to_clamped_code(static_cast<double>(total) / 256.0 * multiplier, q);
}

inline std::uint16_t to_code(std::int32_t value) { return static_cast<std::uint16_t>(value); }

}  // namespace squeezebar
