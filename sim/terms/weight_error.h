// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// Squares of what squeezing cut off the weights, and of the weights, in units of the least bit.
struct WeightError {
  std::int64_t squared_error = 0;
  std::int64_t squared_weight = 0;

  [[nodiscard]] double relative() const {
    return squared_weight == 0 ? 0.0
                               : static_cast<double>(squared_error) / static_cast<double>(squared_weight);
  }
  WeightError& operator+=(const WeightError& other) {
    squared_error += other.squared_error;
    squared_weight += other.squared_weight;
    return *this;
  }
};

}  // namespace squeezebar
