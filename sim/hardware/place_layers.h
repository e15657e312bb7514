// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/hardware/hardware.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Gives every row group its replicas, every layer its tiles and every replica its tile. Needs the ADC
/// resolution, because balanced replication goes by the time that row groups take.
void replicate_and_place(const Config& config, const Network& network, Hardware& hardware,
                         Diagnostics& diagnostics);

}  // namespace squeezebar
