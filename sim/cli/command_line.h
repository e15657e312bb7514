// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/cli/command.h"

namespace squeezebar {

/// Options that every command has.
po::options_description common_options();

/// The options of `squeezebar NAME`, for its help.
po::options_description options_of(const Command& command);

/// Reads the arguments after the command's name. Throws UserError for anything the command does not know,
/// with the nearest option. `--help` wins over everything that is missing.
po::variables_map parse_command_line(const std::string& name, const Command& command,
                                     const std::vector<std::string>& arguments);

}  // namespace squeezebar
