// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/description.h"

namespace squeezebar {

/// Sample-and-hold circuits, one per column of each crossbar. The cost is that of one circuit.
struct SampleHoldParams : ComponentCost {
  bool overlap = true;
};

/// Chip cycles of one bit-cycle in which the busiest ADC makes `conversions` conversions at `rate`, rounded
/// up once: the longer of read and conversions when the held samples of one read are converted during the
/// next, else their sum.
std::int64_t bit_cycle_cycles(Time read_time, std::int64_t conversions, Frequency rate, Frequency clock,
                              bool overlap);

}  // namespace squeezebar
