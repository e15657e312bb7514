// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace squeezebar {

/// Program, compiler, libraries and the kernels of this CPU, one a line.
std::string version_text();
/// The same for programs.
std::string version_json();

}  // namespace squeezebar
