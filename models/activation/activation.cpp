// SPDX-License-Identifier: Apache-2.0
#include "models/activation/activation.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ActivationParams> schema() {
  return with_cost(
      Schema<ActivationParams>(
          "Units that turn a sum into a stored output value: bias, requantisation, activation.")
          .field("per_tile", &ActivationParams::per_tile, instance_count("Activation units of one tile.")),
      "energy_per_op", "Energy of biasing, requantising and clamping one output value.");
}

const RegisterSection<ActivationParams> section{"activation", schema()};

}  // namespace
}  // namespace squeezebar
