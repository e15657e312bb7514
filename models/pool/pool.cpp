// SPDX-License-Identifier: Apache-2.0
#include "models/pool/pool.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<PoolParams> schema() {
  return Schema<PoolParams>("Units that pool feature maps and add residual branches.")
      .field("per_tile", &PoolParams::per_tile, instance_count("Pooling units of one tile."));
}

const RegisterComponent<PoolParams> component{
    "pool",
    schema(),
    {.energy_key = "energy_per_op",
     .energy_doc = "Energy of one value of a pooling window or of one residual addition.",
     .actions = {{"op", "one value of a pooling window or one residual addition"}}}};

}  // namespace
}  // namespace squeezebar
