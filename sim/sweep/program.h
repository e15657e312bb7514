// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace squeezebar {

/// What a program printed, on stdout and stderr together, and how it ended.
struct ProgramResult {
  int exit_code = 0;  ///< 127: there is no such program
  std::string output;
};

/// Runs a program found on the path and waits for it.
ProgramResult run_program(const std::vector<std::string>& words);

/// Up to the first line break.
std::string first_line(const std::string& text);

}  // namespace squeezebar
