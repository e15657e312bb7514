// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/units.h"

namespace squeezebar {

// Durations as whole clock cycles, rounded up once and exactly: times are whole femtoseconds, rates and
// clocks whole hertz (both rounded to nearest first), products have 128 bits. All throw RunError if an
// argument is negative, a rate or clock is below half a hertz, or the result does not fit 64 bits.

/// Cycles that cover `duration`: 100 ns at 1.2 GHz is 120.
std::int64_t cycles_ceil(Time duration, Frequency clock);

/// Cycles that cover `n` events at `rate` one after the other: 128 at 1.28 GHz are 120 cycles of 1.2 GHz.
std::int64_t cycles_ceil_count(std::int64_t n, Frequency rate, Frequency clock);

/// Cycles that cover `duration` and then `n` events at `rate`, rounded up once.
std::int64_t cycles_ceil_sum(Time duration, std::int64_t n, Frequency rate, Frequency clock);

}  // namespace squeezebar
