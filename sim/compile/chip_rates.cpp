// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/chip_rates.h"

#include <algorithm>
#include <map>

namespace squeezebar {
namespace {

Count as_count(std::int64_t n) { return static_cast<Count>(n); }

Count code_bytes(const Quantisation& q) { return q.bits <= 8 ? 1 : 2; }

/// Codes that a wave of a layer in the vector unit reads.
Count window_bytes(const Network& network, const Layer& layer) {
  Count out = 0;
  for (std::size_t k = 0; k < layer.inputs.size(); ++k) {
    out += as_count(layer.window.positions()) * as_count(layer.input_shapes[k].channels) *
           code_bytes(network.quantisation(layer.inputs[k]));
  }
  return out;
}

/// The sums of a block's lanes are added to those of the first one.
Count reducer_additions(const LayerPlan& plan) {
  std::map<int, Count> lanes;
  Count out = 0;
  for (const LanePlan& lane : plan.engine.lanes) {
    if (lanes[lane.block]++ > 0) out += lane.sums;
  }
  return out;
}

}  // namespace

Rates layer_rates(const Network& network, const Layer& layer, const LayerPlan& plan) {
  const auto channels = as_count(layer.shape.channels);
  Count inputs = plan.has_lanes() ? 0 : window_bytes(network, layer);
  Count over_bus = 0;
  for (const LanePlan& lane : plan.engine.lanes) over_bus += lane.input_bytes;
  inputs += over_bus;
  // A pixel is written to the output buffer, and read from it once for every link; one that leaves the chip
  // once.
  const Count outputs = plan.pixel_bytes * (1 + std::max<Count>(1, plan.outputs.size()));
  Rates out;
  out.add(action_id("reducer", "add"), kWaves, reducer_additions(plan));
  out.add(action_id("activation", "op"), kWaves, channels * as_count(layer.op->activation_ops()));
  out.add(action_id("pool", "op"), kWaves, channels * as_count(layer.op->pool_ops()));
  out.add(action_id("tile_register", "access"), kWaves, 2 * plan.pixel_bytes);
  out.add(action_id("buffer", "access"), kWaves, inputs + outputs);
  out.add(action_id("bus", "transfer"), kWaves, over_bus);
  return out;
}

Rates edge_rates(Count pixel_bytes) {
  Rates out;
  out.add(action_id("noc", "transfer"), kWaves, pixel_bytes);
  out.add(action_id("buffer", "access"), kWaves, pixel_bytes);
  return out;
}

CountedWork count_layer(const ChipPlan& plan, int layer, const WorkTotals& work) {
  const LayerPlan& of = plan.layers[static_cast<std::size_t>(layer)];
  const Count images = as_count(plan.images);
  CountedWork out;
  for (int lane = 0; lane < of.lanes(); ++lane) count(of.lane(lane).rates, work.of(lane), out);
  const Count waves[] = {as_count(of.waves) * images};
  count(of.engine.rates, waves, out);
  count(of.rates, waves, out);
  for (const int index : of.inputs) {
    const EdgePlan& edge = plan.edges[static_cast<std::size_t>(index)];
    const Count pixels[] = {as_count(edge.pixels) * images};
    count(edge.rates, pixels, out);
  }
  return out;
}

}  // namespace squeezebar
