// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/time_limit.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace squeezebar {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kMostSigned = std::numeric_limits<std::int64_t>::max();

std::int64_t lanes_of(const ChipPlan& plan) {
  std::int64_t lanes = 0;
  for (const LayerPlan& layer : plan.layers) {
    if (!layer.has_lanes()) ++lanes;
    for (const LanePlace& place : layer.places) lanes += place.replicas;
  }
  return lanes;
}

std::string seconds_text(const ChipPlan& plan, Wide cycles) {
  return format_rounded(Time(static_cast<double>(cycles) * static_cast<double>(plan.clock_period_fs) * 1e-15),
                        6);
}

/// Time that a part of the chip is busy in all images at least, and what decides it.
struct Busy {
  Wide cycles = 0;
  std::string part;
  std::string key;
};

class LowerBound {
 public:
  explicit LowerBound(const ChipPlan& plan) : plan_(plan) {}

  /// Of the whole run: that of the busiest part, or with layers one after the other of their sum.
  [[nodiscard]] Busy run() const {
    Busy busiest;
    Wide all = 0;
    for (std::size_t i = 0; i < plan_.layers.size(); ++i) {
      const Busy layer = layer_time(i);
      all += layer.cycles;
      if (layer.cycles > busiest.cycles) busiest = layer;
    }
    for (const EdgePlan& edge : plan_.edges) {
      const Wide cycles = Wide{edge.pixels} * plan_.images * edge.occupancy;
      if (cycles > busiest.cycles) {
        const std::string& to = plan_.layers[static_cast<std::size_t>(edge.to_layer)].name;
        busiest = {cycles, fmt::format("the link to layer '{}'", to), "noc.bandwidth"};
      }
    }
    if (plan_.layer_serial) busiest.cycles = std::max(busiest.cycles, all);
    return busiest;
  }

 private:
  [[nodiscard]] Busy layer_time(std::size_t i) const {
    const LayerPlan& layer = plan_.layers[i];
    const Wide waves = Wide{layer.waves} * plan_.images;
    if (!layer.has_lanes())
      return {waves * layer.service, fmt::format("layer '{}' in the vector unit", layer.name),
              "vector_unit.lanes"};
    Busy busiest;
    for (int lane = 0; lane < layer.lanes(); ++lane) {
      const Wide replicas = layer.replicas(lane);
      for (const Stage& stage : layer.lane(lane).stages) {
        const Wide cycles = (waves + replicas - 1) / replicas * stage.least_steps * stage.step;
        if (cycles > busiest.cycles) {
          busiest = {cycles,
                     fmt::format("layer '{}', whose {}s take {}", layer.name, stage.step_name,
                                 seconds_text(plan_, stage.step)),
                     stage.decided_by};
        }
      }
    }
    return busiest;
  }

  const ChipPlan& plan_;
};

}  // namespace

Cycles most_cycles(const ChipPlan& plan, bool traced) {
  const Wide femtoseconds = traced ? Wide{kMostSigned} : Wide{std::numeric_limits<std::uint64_t>::max()};
  const Wide by_kernel = femtoseconds / plan.clock_period_fs;
  const std::int64_t by_sums = kMostSigned / std::max<std::int64_t>(1, lanes_of(plan));
  return static_cast<Cycles>(std::min<Wide>(by_kernel, by_sums));
}

std::string too_long_text(const ChipPlan& plan, Cycles most, std::size_t images_done) {
  return fmt::format(
      "after {} of {} images the run passes {} of simulated time, more than 64 bits count; ask for fewer "
      "images (run.images) or less time (adc.rate, crossbar.read_time, chip.clock)",
      images_done, plan.images, seconds_text(plan, most));
}

void check_time(const Config& config, const ChipPlan& plan, Diagnostics& diagnostics) {
  const Busy busiest = LowerBound(plan).run();
  const Cycles most = most_cycles(plan, false);
  if (busiest.cycles <= most) return;
  const bool one_fits = busiest.cycles / plan.images <= most;
  const std::string key = one_fits ? "run.images" : busiest.key;
  diagnostics.error(
      config.place(key), key,
      fmt::format("{} image{} take at least {} of simulated time, more than the {} that 64 bits "
                  "count; most of it is spent in {} ({})",
                  plan.images, plan.images == 1 ? "" : "s", seconds_text(plan, busiest.cycles),
                  seconds_text(plan, most), busiest.part, busiest.key));
}

}  // namespace squeezebar
