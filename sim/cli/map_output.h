// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/run/mapping_steps.h"

namespace squeezebar {

/// Tables for people: crossbars by layer, what each step gives and costs, and crossbars by bit plane (of
/// every layer on its own if asked for).
std::string map_text(const Job& job, const MappingSteps& counted, bool planes_by_layer);

/// Everything that was counted as one JSON object.
std::string map_json(const Job& job, const MappingSteps& counted);

/// A record for every step and layer.
std::string map_csv(const MappingSteps& counted);

/// "squeezed, D=2", "grouped, auto to D=3".
std::string step_title(const MappingStep& step);

}  // namespace squeezebar
