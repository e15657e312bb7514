// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// Where the time of one or more lanes (or of a vector unit) went, in chip cycles.
struct LaneTime {
  std::int64_t busy = 0;
  std::int64_t idle = 0;
  std::int64_t stall_input = 0;
  std::int64_t stall_partial_sum = 0;
  std::int64_t stall_output = 0;

  [[nodiscard]] std::int64_t stalled() const { return stall_input + stall_partial_sum + stall_output; }
  [[nodiscard]] std::int64_t total() const { return busy + idle + stalled(); }

  LaneTime& operator+=(const LaneTime& other) {
    busy += other.busy;
    idle += other.idle;
    stall_input += other.stall_input;
    stall_partial_sum += other.stall_partial_sum;
    stall_output += other.stall_output;
    return *this;
  }
};

}  // namespace squeezebar
