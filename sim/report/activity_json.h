// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sim/base/diag.h"
#include "sim/report/run_result.h"

namespace squeezebar {

/// Takes from the text of an activity.json what a run measured (values, time and counted actions, which no
/// price changes) into a result whose config and layers are described already. Says in `diagnostics` why it
/// cannot.
bool restore_activity(std::string_view text, const std::string& file, RunResult& result,
                      Diagnostics& diagnostics);

}  // namespace squeezebar
