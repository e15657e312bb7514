// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/cli/console.h"
#include "sim/sweep/plan.h"

namespace squeezebar {

/// Runs the recipes of bundles that are missing, each once; what they print goes to stderr. Throws RunError
/// if one fails or does not make its bundle.
void build_workloads(const std::vector<MissingWorkload>& missing, const Console& console);

}  // namespace squeezebar
