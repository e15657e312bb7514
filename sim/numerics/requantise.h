// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "sim/workload/feature_map.h"

namespace squeezebar {

/// Round half to even.
inline double round_half_even(double value) { return std::nearbyint(value); }

/// clamp(rounded + zero_point, min, max); the zero point is added as an integer. Values beyond the clamp range are cut before
/// they become integers.
inline std::int32_t clamp_code(double rounded, const Quantisation& q) {
  const double low = static_cast<double>(q.min) - static_cast<double>(q.zero_point);
  const double high = static_cast<double>(q.max) - static_cast<double>(q.zero_point);
  const double cut = rounded < low ? low : (rounded > high ? high : rounded);
  return static_cast<std::int32_t>(cut) + q.zero_point;
}

/// The code of accumulator / 256 (ADC steps are k/256) plus bias, times the multiplier.
inline std::int32_t requantise(std::int64_t accumulator256, std::int32_t bias, double multiplier, const Quantisation& q) {
  const std::int64_t total = accumulator256 + 256 * std::int64_t{bias};
  return clamp_code(round_half_even(static_cast<double>(total) / 256.0 * multiplier), q);
}

inline std::uint16_t to_code(std::int32_t value) { return static_cast<std::uint16_t>(value); }

}  // namespace squeezebar
