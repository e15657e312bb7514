// SPDX-License-Identifier: Apache-2.0
#include "models/tile/tile.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<TileParams> section{
    "tile", Schema<TileParams>("A tile: processing elements that share a buffer.")
                .field("elements", &TileParams::elements,
                       {.min = 1,
                        .max = 4096,
                        .doc = "Processing elements of one tile (ISAAC's IMAs, SME's computation units).",
                        .affects = Affects::timing})};

}  // namespace
}  // namespace squeezebar
