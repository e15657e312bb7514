// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace squeezebar {

/// Runs `python3 -m PACKAGE ARGUMENTS` with a package of scripts/ (results: reports and figures; search);
/// what it prints goes where this program's own output goes. Returns its exit code; throws RunError if there
/// is no Python or no such package. $PYTHON names the interpreter; the package finds this program in
/// $SQUEEZEBAR.
int run_python_package(const std::string& package, const std::vector<std::string>& arguments);

}  // namespace squeezebar
