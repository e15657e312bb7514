// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/tile/layer_module.h"

namespace squeezebar {

/// One used tile: the layers that have their buffers and vector unit here.
class TileModule final : public sc_core::sc_module {
 public:
  /// `layers` are indices into the plan.
  TileModule(const sc_core::sc_module_name& name, const ChipPlan& chip, const std::vector<int>& layers,
             const SimClock& clock, ScheduleGate& gate, ActivitySource& source);

  [[nodiscard]] LayerModule& layer(std::size_t k) { return *layers_[k]; }

 private:
  std::vector<std::unique_ptr<LayerModule>> layers_;
};

}  // namespace squeezebar
