// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/chip/chip_plan.h"
#include "models/row_pipeline/activity_source.h"
#include "sim/base/actions.h"

namespace squeezebar {

/// What the simulated hardware did in one layer. Times are chip cycles.
struct LayerTiming {
  ActionCounts actions;
  std::uint64_t bit_cycles = 0;
  std::uint64_t bit_cycles_skipped = 0;
  std::uint64_t clipped = 0;
  Cycles busy = 0;
  Cycles idle = 0;
  Cycles stall_input = 0;
  Cycles stall_partial_sum = 0;
  Cycles stall_output = 0;
  int lanes = 0;
  Cycles first_start = 0;
  Cycles last_result = 0;
};

struct ChipTiming {
  std::vector<LayerTiming> layers;
  std::vector<Cycles> image_ends;  ///< last output pixel of each image
  Cycles end = 0;                  ///< of the last event
  std::uint64_t delta_cycles = 0;
};

/// Builds the chip in SystemC and runs it until nothing is left to do. Throws RunError with a line per
/// blocked process if waves remain, Interrupted on SIGINT, and whatever `source` throws. One call per
/// process: SystemC has one kernel.
ChipTiming simulate(const ChipPlan& plan, ActivitySource& source,
                    const std::function<void(int images_done)>& progress = {});

/// Version text of the SystemC library in use.
std::string systemc_version();

}  // namespace squeezebar
