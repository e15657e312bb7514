// SPDX-License-Identifier: Apache-2.0
#include "models/activation/activation.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ActivationParams> schema() {
  return Schema<ActivationParams>(
             "Units that turn a sum into a stored output value: bias, requantisation, activation.")
      .field("per_tile", &ActivationParams::per_tile, instance_count("Activation units of one tile."));
}

const RegisterComponent<ActivationParams> component{
    "activation",
    schema(),
    {.energy_key = "energy_per_op",
     .energy_doc = "Energy of biasing, requantising and clamping one output value.",
     .actions = {{"op", "one output value biased, requantised and clamped"}}}};

}  // namespace
}  // namespace squeezebar
