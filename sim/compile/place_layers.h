// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/compile/hardware.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Gives every row group its replicas, every layer its tiles and every replica its tile. Needs the ADC
/// resolution, because balanced replication goes by the time that row groups take. Whether the chip has the
/// tiles, and whether row groups stay whole, matters only if time is simulated (`timed`).
void replicate_and_place(const Config& config, const Network& network, Hardware& hardware,
                         Diagnostics& diagnostics, bool timed);

}  // namespace squeezebar
