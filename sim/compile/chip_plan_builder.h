// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chip/chip_plan.h"
#include "sim/compile/hardware.h"

namespace squeezebar {

/// Turns mapped hardware into what timing needs: lengths of bit-cycles and stages, counts per bit-cycle,
/// buffer depths in pixels, receptive fields, link times. `layer_serial`: a layer waits for the whole image.
ChipPlan build_chip_plan(const Config& config, const Network& network, const Hardware& hardware, int images,
                         bool layer_serial);

}  // namespace squeezebar
