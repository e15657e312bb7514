// SPDX-License-Identifier: Apache-2.0
#include "models/shift_add/shift_add.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ShiftAddParams> schema() {
  return Schema<ShiftAddParams>(
             "Shift-and-add units that accumulate the codes of a column over the input bits.")
      .field("per_element", &ShiftAddParams::per_element,
             instance_count("Shift-and-add units of one processing element."));
}

const RegisterComponent<ShiftAddParams> component{
    "shift_add",
    schema(),
    {.energy_key = "energy_per_op",
     .energy_doc = "Energy of shifting one code and adding it to the sum over input bits.",
     .actions = {{"add", "one code shifted and added over input bits"}}}};

}  // namespace
}  // namespace squeezebar
