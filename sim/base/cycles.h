// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/units.h"

namespace squeezebar {

/// Whole periods of chip.clock.
using Cycles = std::int64_t;

/// Events per second as an exact fraction: `base` x `times` / `over`. A quotient of frequencies is rounded to
/// a double, and 64 x 3 events could then last a cycle longer than they do.
struct Rate {
  Frequency base;
  std::int64_t times = 1;
  std::int64_t over = 1;

  Rate() = default;
  explicit Rate(Frequency frequency) : base(frequency) {}

  friend Rate operator*(Rate rate, std::int64_t k) {
    rate.times *= k;
    return rate;
  }
  friend Rate operator/(Rate rate, std::int64_t k) {
    rate.over *= k;
    return rate;
  }
  friend bool operator==(const Rate&, const Rate&) = default;
};

// Durations as whole clock cycles, rounded up once. A quantity stands for the shortest decimal number that
// reads back as it, which is what a config says ("100 ns" is 1e-7 s); all else is exact, whatever its size.
// All throw RunError if an argument is negative or not finite, a rate or clock is 0, or the result does not
// fit 64 bits.

/// Cycles that cover `duration`: 100 ns at 1.2 GHz is 120.
std::int64_t cycles_ceil(Time duration, Frequency clock);

/// Cycles that cover `n` events at `rate` one after the other: 128 at 1.28 GHz are 120 cycles of 1.2 GHz.
std::int64_t cycles_ceil_count(std::int64_t n, const Rate& rate, Frequency clock);

/// Cycles that cover `duration` and then `n` events at `rate`, rounded up once.
std::int64_t cycles_ceil_sum(Time duration, std::int64_t n, const Rate& rate, Frequency clock);

}  // namespace squeezebar
