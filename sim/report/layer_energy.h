// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "sim/report/run_result.h"

namespace squeezebar {

/// Joules of a layer's counted actions, all components.
double dynamic_energy_j(const LayerResult& layer);

/// Joules of a layer's counted actions in one component, 0 if it has none.
double dynamic_energy_j(const LayerResult& layer, std::string_view component);

}  // namespace squeezebar
