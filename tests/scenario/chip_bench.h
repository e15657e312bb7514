// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/chip/chip_plan.h"
#include "models/row_pipeline/activity_source.h"
#include "sim/run/elaborate.h"

namespace squeezebar::testing {

/// Builds small chips in the words of the design: layers of row groups, connections, buffers.
class ChipBench {
 public:
  struct Group {
    Cycles bit_cycle = 1;
    int replicas = 1;
    int column_block = 0;
  };

  ChipBench();

  /// A layer on crossbars; returns its index. `stage` is the length of one pipeline stage.
  int layer(const std::string& name, int waves, std::vector<Group> groups, Cycles fetch = 0, Cycles tail = 0);
  /// A layer in the vector unit.
  int vector_layer(const std::string& name, int waves, Cycles service);
  /// Connects a node (-1: the input) to a layer: wave w needs `needed[w]` pixels and afterwards releases
  /// `released[w]`.
  int connect(int from, int to, int pixels, std::vector<int> needed, std::vector<int> released,
              int depth = 1000000);
  /// One pixel in, one pixel out.
  int connect_elementwise(int from, int to, int pixels, int depth = 1000000);
  /// The layer needs the whole image for every wave.
  int connect_all(int from, int to, int pixels, int waves, int depth = 1000000);

  ChipPlan plan;
};

/// Bit-cycles of (layer, group, wave).
using Workload = std::function<std::uint32_t(int layer, int group, std::int64_t wave)>;

inline Workload constant(std::uint32_t bit_cycles) {
  return [bit_cycles](int, int, std::int64_t) { return bit_cycles; };
}

/// What came out of a simulation in a child process (a process can hold one SystemC simulation).
struct Outcome {
  std::string error;  ///< text of the RunError, or empty
  std::vector<Cycles> image_ends;
  Cycles end = 0;
  std::vector<LayerTiming> layers;
};

/// What `watch` is told stays in the child; files that are written remain.
Outcome simulate_apart(const ChipPlan& plan, const Workload& workload, const Watch& watch = {});

/// As Workload, with skipped bit-cycles and ones.
using Activity = std::function<WaveActivity(int layer, int group, std::int64_t wave)>;
Outcome simulate_apart(const ChipPlan& plan, const Activity& activity, const Watch& watch = {});

}  // namespace squeezebar::testing
