// SPDX-License-Identifier: Apache-2.0
#include "models/noc/noc.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<NocParams> schema() {
  return with_cost(Schema<NocParams>("The network on chip that carries feature maps from layer to layer.")
                       .field("tiles_per_router", &NocParams::tiles_per_router,
                              {.min = 1,
                               .max = 65536,
                               .doc = "Tiles that share one router.",
                               .affects = Affects::accounting}),
                   "energy_per_byte", "Energy of carrying one byte from one layer to the next.");
}

const RegisterVariantSection<NocParams, NocModel> section{"noc", schema(), {.affects = Affects::timing}};

}  // namespace
}  // namespace squeezebar
