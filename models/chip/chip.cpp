// SPDX-License-Identifier: Apache-2.0
#include "models/chip/chip.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<ChipParams> section{
    "chip", Schema<ChipParams>("The chip: tiles on one clock.")
                .field("clock", &ChipParams::clock,
                       {.min = 1_kHz,
                        .max = 100_GHz,
                        .doc = "Clock of the digital logic; every duration is a whole number of its cycles.",
                        .affects = Affects::timing})
                .field("tiles", &ChipParams::tiles,
                       {.min = 1, .max = 1048576, .doc = "Tiles of the chip.", .affects = Affects::timing})};

}  // namespace
}  // namespace squeezebar
