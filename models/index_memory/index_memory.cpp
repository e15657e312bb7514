// SPDX-License-Identifier: Apache-2.0
#include "models/index_memory/index_memory.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<IndexMemoryParams> schema() {
  return Schema<IndexMemoryParams>(
             "Registers for row masks, permutations and other indices of a mapping, as many bits as it "
             "needs; "
             "cost, power, area and leakage are those of one bit. Each layer reads its index once per wave.")
      .field("charge_occupancy", &IndexMemoryParams::charge_occupancy,
             {.def = false,
              .doc = "Whether the bits that tell which crossbars of the grid are allocated cost "
                     "something too, or are part of the chip's configuration.",
              .affects = Affects::accounting});
}

const RegisterComponent<IndexMemoryParams> component{
    "index_memory",
    schema(),
    {.energy_key = "energy_per_bit",
     .energy_doc = "Energy of reading one bit.",
     .actions = {{"read", "one bit of a mapping's index read"}},
     .instances = "as many bits as the mapping needs"}};

}  // namespace
}  // namespace squeezebar
