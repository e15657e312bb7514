// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace squeezebar {

/// The highest ADC resolution a config may ask for.
inline constexpr int kMaxAdcBits = 16;

/// The largest sum a bit line may reach (rows x cell levels x DAC levels): what the kernels add up in 16
/// bits.
inline constexpr std::int64_t kMaxColumnSum = 65535;

/// How an ADC turns a column sum into a code: values only, no time, no joules.
/// code = min(max_code, floor(sum * 256 / step256 + 1/2)); step256 = 256 is a step of one (design: steps are
/// k/256, k >= 256).
struct AdcTransfer {
  std::int32_t max_code = 0;
  std::int32_t step256 = 256;

  /// The code before saturation; a conversion is clipped when it exceeds max_code.
  [[nodiscard]] std::int64_t unsaturated(std::int64_t sum) const {
    return (512 * sum + step256) / (2 * std::int64_t{step256});
  }
  bool operator==(const AdcTransfer&) const = default;
};

/// The smallest step, in 1/256, with which the highest code reaches a sum of at most kMaxColumnSum.
inline std::int32_t least_step256(std::int64_t sum, std::int64_t max_code) {
  return static_cast<std::int32_t>(std::max<std::int64_t>(256, (256 * sum + max_code - 1) / max_code));
}

}  // namespace squeezebar
