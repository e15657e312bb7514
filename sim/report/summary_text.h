// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/report/run_result.h"

namespace squeezebar {

/// The run in a few aligned lines for people, with units; ends with a newline.
std::string summary_text(const RunResult& result);

}  // namespace squeezebar
