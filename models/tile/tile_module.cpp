// SPDX-License-Identifier: Apache-2.0
#include "models/tile/tile_module.h"

namespace squeezebar {

TileModule::TileModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int tile,
                       const std::vector<int>& layers, const std::vector<int>& guests, const SimClock& clock,
                       ScheduleGate& gate, ActivitySource& source)
    : sc_module(name) {
  const auto name_of = [&](int index) { return chip.layers[static_cast<std::size_t>(index)].name.c_str(); };
  for (const int index : layers)
    layers_.push_back(std::make_unique<LayerModule>(name_of(index), chip, index, clock, gate, source));
  for (const int index : guests)
    shares_.push_back(std::make_unique<LayerShare>(name_of(index), chip, index, tile, clock, source));
}

}  // namespace squeezebar
