// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/tile/row_group_module.h"

namespace squeezebar {

/// A row group's replica that stands on some tile.
struct PlacedRowGroup {
  int group = 0;
  int replica = 0;
  std::unique_ptr<RowGroupModule> module;
};

/// Builds the replicas of a layer's row groups that stand on `tile`, inside the module under construction.
std::vector<PlacedRowGroup> build_row_groups(const ChipPlan& chip, int layer, int tile, const SimClock& clock,
                                             ActivitySource& source);

/// The row groups of a layer on a tile that is not its home: they hear from the layer's module on its home
/// tile, which holds buffers, reducers and vector unit.
class LayerShare final : public sc_core::sc_module {
 public:
  LayerShare(const sc_core::sc_module_name& name, const ChipPlan& chip, int layer, int tile,
             const SimClock& clock, ActivitySource& source)
      : sc_module(name), layer_(layer), row_groups_(build_row_groups(chip, layer, tile, clock, source)) {}

  [[nodiscard]] int layer() const { return layer_; }
  [[nodiscard]] const std::vector<PlacedRowGroup>& row_groups() const { return row_groups_; }

 private:
  int layer_;
  std::vector<PlacedRowGroup> row_groups_;
};

}  // namespace squeezebar
