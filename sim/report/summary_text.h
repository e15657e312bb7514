// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/report/run_result.h"

namespace squeezebar {

/// The run in a few aligned lines for people, with units; ends with a newline.
std::string summary_text(const RunResult& result);

/// "synthetic: ..." lines for what of a workload was drawn.
std::string synthetic_lines(const std::vector<std::string>& parts);

}  // namespace squeezebar
