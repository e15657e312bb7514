// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/cli/command.h"

namespace squeezebar {

/// Runs every variant of the config that the invocation names, each in a process of its own (SystemC holds
/// one simulation per process), into a folder of its name below `folder`. All variants are checked before the
/// first one starts. Returns their folders in the order of the config; throws what a single run would throw.
std::vector<std::filesystem::path> run_variants(const Invocation& invocation,
                                                const std::vector<std::string>& names,
                                                const std::filesystem::path& folder);

/// Refuses a config with variants of which none is named, for a command that takes one network and one
/// hardware at a time.
void refuse_all_variants(const std::string& command, const std::string& config);

}  // namespace squeezebar
