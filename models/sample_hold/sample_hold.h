// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/description.h"

namespace squeezebar {

/// Sample-and-hold circuits, one per column of each crossbar. The cost is that of one circuit.
struct SampleHoldParams : ComponentCost {
  bool overlap = true;
};

/// One bit-cycle in chip cycles.
struct BitCycleTime {
  std::int64_t length = 0;            ///< from its read to the next one
  std::int64_t conversion_start = 0;  ///< of its samples, after its own beginning
  std::int64_t conversion_time = 0;   ///< of its samples, rounded up
};

/// A bit-cycle in which the busiest ADC makes `conversions` conversions at `rate`. Its length is rounded up
/// once: the longer of read and conversions when the held samples of one read are converted during the next,
/// else their sum.
BitCycleTime bit_cycle_time(Time read_time, std::int64_t conversions, const Rate& rate, Frequency clock,
                            bool overlap);

}  // namespace squeezebar
