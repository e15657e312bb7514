// SPDX-License-Identifier: Apache-2.0
#include "sim/report/layer_energy.h"

namespace squeezebar {

double dynamic_energy_j(const LayerResult& layer) {
  double sum = 0.0;
  for (const ComponentEnergy& part : layer.energy) sum += part.dynamic_j;
  return sum;
}

double dynamic_energy_j(const LayerResult& layer, std::string_view component) {
  for (const ComponentEnergy& part : layer.energy) {
    if (part.component == component) return part.dynamic_j;
  }
  return 0.0;
}

}  // namespace squeezebar
