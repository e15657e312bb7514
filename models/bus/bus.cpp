// SPDX-License-Identifier: Apache-2.0
#include "models/bus/bus.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<BusParams> section{
    "bus",
    with_cost(Schema<BusParams>("The bus between a tile's buffer and its processing elements, one per tile."),
              "energy_per_byte", "Energy of moving one byte.")};

}  // namespace
}  // namespace squeezebar
