// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/energy/cost_table.h"
#include "sim/terms/actions.h"

namespace squeezebar {

/// What one layer did, over all images.
struct LayerCounts {
  std::string name;
  ActionCounts counts;
};

/// Energy of one component of the table, over all layers.
struct PricedEnergy {
  std::string name;
  Energy dynamic;  ///< counted actions
  Energy leakage;  ///< leakage and static power of every instance, over the latency
  Energy total;
};

/// Dynamic energy of one layer.
struct LayerEnergy {
  std::string name;
  std::vector<Energy> components;  ///< in the order of the table's components
  Energy total;
};

struct EnergyResult {
  std::vector<PricedEnergy> components;  ///< in the order of the table
  std::vector<LayerEnergy> layers;       ///< in the order given
  Energy dynamic;
  Energy leakage;
  Energy total;
};

/// Prices what was counted. Layers sum to the components' dynamic energy, components to the total; both sums
/// are checked.
///
/// Throws RunError if an action was counted that no component prices, a conversion's resolution has no price,
/// counts contradict each other or overflow, or a result is not finite and non-negative.
EnergyResult account(const CostTable& table, std::span<const LayerCounts> layers, Time latency);

}  // namespace squeezebar
