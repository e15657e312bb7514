// SPDX-License-Identifier: Apache-2.0
#include "models/reducer/reducer.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ReducerParams> schema() {
  return Schema<ReducerParams>("Adders that sum the partial results of a layer's row groups.")
      .field("per_tile", &ReducerParams::per_tile, instance_count("Reducing adders of one tile."));
}

const RegisterComponent<ReducerParams> component{
    "reducer",
    schema(),
    {.energy_key = "energy_per_add",
     .energy_doc = "Energy of adding the partial sum of one row group to that of another.",
     .actions = {{"add", "one partial sum of a row group added to that of another"}}}};

}  // namespace
}  // namespace squeezebar
