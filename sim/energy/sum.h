// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace squeezebar {

/// Adds doubles with Neumaier's compensation, so that totals over many layers stay exact to the last few
/// bits.
class Sum {
 public:
  Sum& operator+=(double value) {
    const double next = sum_ + value;
    compensation_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
    return *this;
  }
  double value() const { return sum_ + compensation_; }

 private:
  double sum_ = 0.0;
  double compensation_ = 0.0;
};

}  // namespace squeezebar
