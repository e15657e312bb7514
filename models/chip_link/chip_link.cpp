// SPDX-License-Identifier: Apache-2.0
#include "models/chip_link/chip_link.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<ChipLinkParams> section{
    "chip_link",
    Schema<ChipLinkParams>("Links to other chips, which draw the same power whatever they carry.")
        .field("count", &ChipLinkParams::count, instance_count("Links of the chip."))
        .field("static_power", &ChipLinkParams::static_power,
               {.min = 0,
                .max = 1000_W,
                .doc = "Power that one link draws all the time.",
                .affects = Affects::accounting})
        .field("area", &ChipLinkParams::area,
               {.min = 0, .max = 10000_mm2, .doc = "Area of one link.", .affects = Affects::accounting})};

}  // namespace
}  // namespace squeezebar
