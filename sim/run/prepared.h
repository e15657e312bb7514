// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chip/chip_plan.h"
#include "sim/compile/hardware.h"

namespace squeezebar {

/// What load_job works out and run_job uses. It does not change any more.
struct PreparedHardware {
  Hardware hardware;
  ChipPlan plan;
};

}  // namespace squeezebar
