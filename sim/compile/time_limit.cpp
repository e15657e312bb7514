// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/time_limit.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "models/chip/chip.h"
#include "models/crossbar/crossbar.h"
#include "sim/base/cycles.h"
#include "sim/engine/crossbar/row_group_time.h"

namespace squeezebar {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kMostSigned = std::numeric_limits<std::int64_t>::max();

std::int64_t lanes_of(const ChipPlan& plan) {
  std::int64_t lanes = 0;
  for (const LayerPlan& layer : plan.layers) {
    if (layer.groups.empty()) ++lanes;
    for (const RowGroupPlan& group : layer.groups) lanes += group.replicas;
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
  const char* key = "";
};

class LowerBound {
 public:
  LowerBound(const Config& config, const Network& network, const Hardware& hardware, const ChipPlan& plan)
      : config_(config), network_(network), hardware_(hardware), plan_(plan) {}

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
    if (layer.groups.empty())
      return {waves * layer.service, fmt::format("layer '{}' in the vector unit", layer.name),
              "vector_unit.lanes"};
    Busy busiest;
    // Where bit-cycles are skipped, inputs without a set bit take none.
    if (hardware_.skip_zeros) return busiest;
    const Quantisation& input = network_.quantisation(network_.layers[i].inputs[0]);
    for (std::size_t g = 0; g < layer.groups.size(); ++g) {
      const RowGroupPlan& group = layer.groups[g];
      const int bit_cycles = stream_length(input, hardware_.geometry, hardware_.layers[i].mapping.groups[g]);
      const Wide cycles = (waves + group.replicas - 1) / group.replicas * bit_cycles * group.bit_cycle;
      if (cycles > busiest.cycles)
        busiest = {cycles,
                   fmt::format("layer '{}', whose bit-cycles take {}", layer.name,
                               seconds_text(plan_, group.bit_cycle)),
                   slower_half(group)};
    }
    return busiest;
  }

  /// Key of the longer part of a bit-cycle.
  [[nodiscard]] const char* slower_half(const RowGroupPlan& group) const {
    const Cycles read = cycles_ceil(config_.get<CrossbarParams>().read_time, config_.get<ChipParams>().clock);
    return group.conversion_time >= read ? "adc.rate" : "crossbar.read_time";
  }

  const Config& config_;
  const Network& network_;
  const Hardware& hardware_;
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

void check_time(const Config& config, const Network& network, const Hardware& hardware, const ChipPlan& plan,
                Diagnostics& diagnostics) {
  const Busy busiest = LowerBound(config, network, hardware, plan).run();
  const Cycles most = most_cycles(plan, false);
  if (busiest.cycles <= most) return;
  const bool one_fits = busiest.cycles / plan.images <= most;
  const char* key = one_fits ? "run.images" : busiest.key;
  diagnostics.error(
      config.place(key), key,
      fmt::format("{} image{} take at least {} of simulated time, more than the {} that 64 bits "
                  "count; most of it is spent in {} ({})",
                  plan.images, plan.images == 1 ? "" : "s", seconds_text(plan, busiest.cycles),
                  seconds_text(plan, most), busiest.part, busiest.key));
}

}  // namespace squeezebar
