// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace squeezebar {

/// The program's version, for results and --version.
std::string tool_version();

}  // namespace squeezebar
