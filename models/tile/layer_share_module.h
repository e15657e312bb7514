// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/chip/chip_plan.h"
#include "models/lane/lane_module.h"

namespace squeezebar {

/// A lane's replica that stands on some tile.
struct PlacedLane {
  int lane = 0;
  int replica = 0;
  std::unique_ptr<Lane> module;
};

/// Builds the replicas of a layer's lanes that stand on `tile`, inside the module under construction, with
/// the tile's components on their way.
std::vector<PlacedLane> build_lanes(const ChipPlan& chip, int layer, int tile, const SimClock& clock,
                                    WorkSource& source, DataPath& path);

/// The lanes of a layer on a tile that is not its home: they hear from the layer's module on its home tile,
/// which holds buffers, reducers and vector unit.
class LayerShare final : public sc_core::sc_module {
 public:
  LayerShare(const sc_core::sc_module_name& name, const ChipPlan& chip, int layer, int tile,
             const SimClock& clock, WorkSource& source, DataPath& path)
      : sc_module(name), layer_(layer), lanes_(build_lanes(chip, layer, tile, clock, source, path)) {}

  [[nodiscard]] int layer() const { return layer_; }
  [[nodiscard]] const std::vector<PlacedLane>& lanes() const { return lanes_; }

 private:
  int layer_;
  std::vector<PlacedLane> lanes_;
};

}  // namespace squeezebar
