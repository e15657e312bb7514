// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/report/run_result.h"

namespace squeezebar {

/// The run in a few sentences: what one image costs, where the energy goes, and what the ADCs did to the
/// values.
std::string verdict(const RunResult& result);

/// What a reader must know to judge the figures: the run's own notes and what every run assumes.
std::vector<std::string> reader_notes(const RunResult& result);

}  // namespace squeezebar
