// SPDX-License-Identifier: Apache-2.0
#include "models/tile/tile_module.h"

namespace squeezebar {

TileModule::TileModule(const sc_core::sc_module_name& name, const ChipPlan& chip,
                       const std::vector<int>& layers, const SimClock& clock, ScheduleGate& gate,
                       ActivitySource& source)
    : sc_module(name) {
  for (const int index : layers) {
    const std::string& layer_name = chip.layers[static_cast<std::size_t>(index)].name;
    layers_.push_back(std::make_unique<LayerModule>(layer_name.c_str(), chip, index, clock, gate, source));
  }
}

}  // namespace squeezebar
