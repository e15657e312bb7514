// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/cycles.h"
#include "sim/terms/rates.h"
#include "sim/terms/work.h"

namespace squeezebar {

/// A number that a timeline shows of a wave: a sum of its counts.
struct WaveFigure {
  std::string name;
  std::vector<std::pair<int, Count>> terms;  ///< counter, times how much

  bool operator==(const WaveFigure&) const = default;
  [[nodiscard]] Count of(const WaveWork& work) const {
    Count sum = 0;
    for (const auto& [counter, n] : terms) sum += n * work[counter];
    return sum;
  }
};

/// A component that a step passes. Modules show what was worked out here; they do not work it out again.
struct PathPart {
  std::string component;  ///< its section
  Cycles from = 0;        ///< within the step, which covers it
  Cycles time = 0;
  std::string row{};                  ///< in a timeline, e.g. "ADC bank"; empty: it has none
  std::string category{};             ///< of its events there
  std::vector<WaveFigure> figures{};  ///< of these; there is no event where the first one is 0

  bool operator==(const PathPart&) const = default;
};

/// Holds one wave at a time. What streams within a wave, or shares a circuit, is one stage.
struct Stage {
  int steps = kWaves;    ///< counter
  Cycles step = 1;       ///< length, rounded up once from the exact times of its parts
  Count most_steps = 1;  ///< in a wave
  Count least_steps = 0;
  std::string step_name = "step";  ///< for messages: "bit-cycle"
  std::string decided_by{};        ///< key of the config that makes a step as long as it is
  std::shared_ptr<const std::vector<PathPart>> path{};  ///< lanes that are alike share it; null: none
};

/// A chain of stages through which the waves of a layer go one after the other, next to the layer's other
/// lanes: what time sees of a row group of crossbars, for example.
struct LanePlan {
  std::string name;       ///< of its module, in traces and messages: "row_group_3"
  std::string row;        ///< in a timeline: "row group 3"
  int block = 0;          ///< lanes of a block are added by one reducer
  Count sums = 0;         ///< of a wave, which its reducer adds to those of the other lanes
  Count input_bytes = 0;  ///< that a wave fetches from the tile's buffer
  int depth = 1;          ///< waves started and not consumed; at least its stages
  std::vector<Stage> stages;
  Rates rates;
  std::int64_t units = 1;           ///< of the engine's level, that one replica takes
  std::vector<WaveFigure> figures;  ///< of a wave, in a timeline
};

/// An engine's part of a layer. Replicas, tiles and routes are no part of it.
struct LayerLanes {
  std::vector<std::string> counters;  ///< names by number, that of waves first
  Cycles fetch = 0;                   ///< delay before the first step: holds nothing
  Cycles tail = 0;                    ///< delay behind the last step, likewise
  std::vector<LanePlan> lanes;
  Rates rates;  ///< of the layer's waves
};

}  // namespace squeezebar
