// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

namespace squeezebar {

/// Counts arrivals per wave and knows which waves are complete; waves far apart cost nothing but a slot each.
class WaveCounter {
 public:
  explicit WaveCounter(int parties) : parties_(parties) {}

  /// Notes one arrival for a wave; true when it was the last one missing.
  bool arrive(std::int64_t wave) {
    const auto at = static_cast<std::size_t>(wave - base_);
    if (at >= counts_.size()) counts_.resize(at + 1, 0);
    const bool complete = ++counts_[at] == parties_;
    while (!counts_.empty() && counts_.front() == parties_) {
      counts_.pop_front();
      ++base_;
    }
    return complete;
  }
  /// Every wave below this one is complete.
  [[nodiscard]] std::int64_t floor() const { return base_; }

 private:
  int parties_;
  std::int64_t base_ = 0;
  std::deque<int> counts_;
};

}  // namespace squeezebar
