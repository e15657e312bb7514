// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace squeezebar {

/// The program's version, for results and --version.
std::string tool_version();

/// SHA-256 over the program's own sources (scripts/cmake/ProgramDigest.cmake), 64 hexadecimal digits:
/// programs of other sources may compute other results.
std::string program_digest();

}  // namespace squeezebar
