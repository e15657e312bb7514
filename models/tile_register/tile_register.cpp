// SPDX-License-Identifier: Apache-2.0
#include "models/tile_register/tile_register.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<TileRegisterParams> schema() {
  return with_cost(
      Schema<TileRegisterParams>("Registers that collect the results of a tile's processing elements.")
          .field("per_tile", &TileRegisterParams::per_tile, instance_count("Output registers of one tile.")),
      "energy_per_byte", "Energy of moving one byte through the register.");
}

const RegisterSection<TileRegisterParams> section{"tile_register", schema()};

}  // namespace
}  // namespace squeezebar
