// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chip/chip_plan.h"
#include "sim/base/config.h"
#include "sim/base/diag.h"

namespace squeezebar {

/// The longest run of the plan: the kernel's time has 64 bits of femtoseconds, traces and cycles added up
/// over all lanes have 63.
Cycles most_cycles(const ChipPlan& plan, bool traced);

/// The sentence on a run that was stopped at the limit.
std::string too_long_text(const ChipPlan& plan, Cycles most, std::size_t images_done);

/// Reports a plan whose busiest lane or link alone takes longer than the longest run.
void check_time(const Config& config, const ChipPlan& plan, Diagnostics& diagnostics);

}  // namespace squeezebar
