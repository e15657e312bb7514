// SPDX-License-Identifier: Apache-2.0
#include "models/tile/tile_module.h"

namespace squeezebar {
namespace {

/// Makes the components of the layer's lanes on the tile.
void add_components(const LayerPlan& layer, int tile, DataPath& path) {
  for (int lane = 0; lane < layer.lanes(); ++lane) {
    for (int replica = 0; replica < layer.replicas(lane); ++replica) {
      if (layer.tile_of(lane, replica) != tile) continue;
      for (const Stage& stage : layer.lane(lane).stages) path.add(stage);
      break;
    }
  }
}

}  // namespace

TileModule::TileModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int tile,
                       const std::vector<int>& layers, const std::vector<int>& guests, const SimClock& clock,
                       ScheduleGate& gate, WorkSource& source)
    : sc_module(name), path_("path") {
  for (const int index : layers) {
    const LayerPlan& layer = chip.layers[static_cast<std::size_t>(index)];
    add_components(layer, tile, path_);
    layers_.push_back(
        std::make_unique<LayerModule>(layer.name.c_str(), chip, index, clock, gate, source, path_));
  }
  for (const int index : guests) {
    const LayerPlan& layer = chip.layers[static_cast<std::size_t>(index)];
    add_components(layer, tile, path_);
    shares_.push_back(
        std::make_unique<LayerShare>(layer.name.c_str(), chip, index, tile, clock, source, path_));
  }
}

}  // namespace squeezebar
