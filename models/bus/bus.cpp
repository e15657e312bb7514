// SPDX-License-Identifier: Apache-2.0
#include "models/bus/bus.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterComponent<BusParams> component{
    "bus",
    Schema<BusParams>("The bus between a tile's buffer and its processing elements, one per tile."),
    {.energy_key = "energy_per_byte",
     .energy_doc = "Energy of moving one byte.",
     .actions = {{"transfer", "one byte moved between tile buffer and processing element"}}}};

}  // namespace
}  // namespace squeezebar
