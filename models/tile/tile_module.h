// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/lane/data_path_module.h"
#include "models/tile/layer_module.h"

namespace squeezebar {

/// One used tile: the components of its lanes, the layers that have their buffers and vector unit here, and
/// the lanes that layers with another home have here.
class TileModule final : public sc_core::sc_module {
 public:
  /// `layers` (at home here) and `guests` are indices into the plan.
  TileModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int tile,
             const std::vector<int>& layers, const std::vector<int>& guests, const SimClock& clock,
             ScheduleGate& gate, WorkSource& source);

  [[nodiscard]] LayerModule& layer(std::size_t k) { return *layers_[k]; }
  [[nodiscard]] const std::vector<std::unique_ptr<LayerShare>>& shares() const { return shares_; }

 private:
  DataPath path_;
  std::vector<std::unique_ptr<LayerModule>> layers_;
  std::vector<std::unique_ptr<LayerShare>> shares_;
};

}  // namespace squeezebar
