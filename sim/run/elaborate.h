// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/chip/chip_plan.h"
#include "models/lane/work_source.h"
#include "models/probe/waveform_options.h"
#include "sim/terms/lane_time.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// What the simulated hardware did in one layer. Times are chip cycles.
struct LayerTiming : LaneTime {
  int lanes = 0;
  Cycles first_start = 0;
  Cycles last_result = 0;
};

struct ChipTiming {
  std::vector<LayerTiming> layers;
  std::vector<Cycles> image_ends;  ///< last output pixel of each image
  Cycles end = 0;                  ///< of the last event
  std::uint64_t delta_cycles = 0;
  WaveformOutcome waveforms;  ///< as far as they were asked for
};

/// Who looks on while a chip is simulated; null: nobody. The results are the same.
struct Watch {
  TimelineObserver* timeline = nullptr;
  const WaveformOptions* waveforms = nullptr;
};

/// Builds the chip in SystemC and runs it until nothing is left to do. Throws RunError with a line per
/// blocked process if waves remain, or if it takes longer than can be simulated, Interrupted on SIGINT, and
/// whatever `source` throws. One call per process: SystemC has one kernel.
ChipTiming simulate(const ChipPlan& plan, WorkSource& source,
                    const std::function<void(int images_done)>& progress = {}, const Watch& watch = {});

}  // namespace squeezebar
