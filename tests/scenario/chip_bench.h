// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/chip/chip_plan.h"
#include "models/lane/work_source.h"
#include "sim/run/elaborate.h"

namespace squeezebar::testing {

/// Builds small chips in the words of the design: layers of lanes (row groups), connections, buffers.
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

  /// Waves that a lane may have started and not handed over, on the whole chip.
  void set_depth(int depth);

  ChipPlan plan;
};

/// The counter of the steps of every lane of the bench.
inline constexpr int kSteps = 1;

/// Steps of (layer, lane, wave).
using Workload = std::function<std::uint32_t(int layer, int lane, std::int64_t wave)>;

inline Workload constant(std::uint32_t steps) {
  return [steps](int, int, std::int64_t) { return steps; };
}

/// Hands out the steps of a workload, and behind them a second counter that has as many for each step.
class BenchSource final : public WorkSource {
 public:
  explicit BenchSource(Workload workload, Count per_step = 0);
  WaveWork take(int layer, int lane, std::int64_t wave) override;

 private:
  Workload workload_;
  Count per_step_;
  WorkTable one_;
};

/// What came out of a simulation in a child process (a process can hold one SystemC simulation).
struct Outcome {
  std::string error;  ///< text of the RunError, or empty
  std::vector<Cycles> image_ends;
  Cycles end = 0;
  std::vector<LayerTiming> layers;
  std::uint64_t delta_cycles = 0;  ///< of the kernel
  std::size_t modules = 0;         ///< of SystemC
};

/// What `watch` is told stays in the child; files that are written remain.
Outcome simulate_apart(const ChipPlan& plan, const Workload& workload, const Watch& watch = {});

}  // namespace squeezebar::testing
