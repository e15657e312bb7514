// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/cli/console.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/table.h"

namespace squeezebar {

/// The axes of a plan, how many points it has, how long they will take one core, and which workloads are
/// missing.
std::string plan_text(const Plan& plan, std::size_t pending, std::optional<double> seconds);

/// Results that are not as they were written, a warning each for the first of them.
void tell_faults(const Plan& plan, const std::vector<PointFault>& faults, const std::string& what_now,
                 const Console& console);

/// How far a sweep is, what failed, and its best points.
std::string sweep_text(const SweepTable& table);
/// The same for machines.
std::string sweep_json(const SweepTable& table);

}  // namespace squeezebar
