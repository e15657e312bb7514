// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/engine/crossbar/adc/calibration.h"
#include "sim/run/run.h"

namespace squeezebar {

/// Runs the images that a config asks for through its crossbars with ADCs that lose nothing, and counts the
/// sums that reach them. Needs config and bundle alone (load_inputs); the network need not fit the chip, and
/// no key of the section `adc` matters. What cannot be mapped goes to `diagnostics`.
Calibration calibrate(const Job& job, const Progress& progress, Diagnostics& diagnostics);

}  // namespace squeezebar
