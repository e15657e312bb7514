// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/sweep/engine.h"

namespace squeezebar {

/// The program and its arguments that compute a point and write its results into a folder.
std::vector<std::string> point_command(const Plan& plan, const PlannedPoint& point,
                                       const std::filesystem::path& results);

/// The words, for a shell, that compute one share of the points: "squeezebar sweep runs/x --shard 3/40".
/// `share` may be a variable of the shell.
std::string share_command(const EngineWork& work, const std::string& program, const std::string& share);

/// Why a process that ended like this has not left results: its last error, or how it ended.
std::string failure_reason(int exit_code, int signal, const std::string& log);

}  // namespace squeezebar
