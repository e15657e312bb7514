// SPDX-License-Identifier: Apache-2.0
#include "models/tile_register/tile_register.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<TileRegisterParams> schema() {
  return with_size(
      Schema<TileRegisterParams>("Registers that collect the results of a tile's processing elements.")
          .field("per_tile", &TileRegisterParams::per_tile, instance_count("Output registers of one tile.")));
}

const RegisterComponent<TileRegisterParams> component{
    "tile_register", schema(),
    register_cost<TileRegisterParams>("tile_register", "Energy of moving one byte through the register.",
                                      "one byte through a tile's output register")};

}  // namespace
}  // namespace squeezebar
