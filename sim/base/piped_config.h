// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/base/diag.h"

namespace squeezebar {

/// Whether a file of a config's name comes from standard input or another open file ("-", "/dev/stdin",
/// "/dev/fd/63"), or is the name that such a text was given when it was taken.
bool is_piped_config(const std::string& file);

/// The name under which a config that was named on a command line is read from then on, with its variant if
/// it has one. What can be read only once is read here, the first time, and called "<stdin>" or "<pipe>"; the
/// files that it includes are relative to the current folder. Throws UserError if it cannot be read.
std::string take_config(const std::string& config);

/// The text of a config's file, or of what was taken under that name; why there is none is told at `where`.
std::optional<std::string> read_config_text(const std::string& file, const Place& where,
                                            Diagnostics& diagnostics);

/// How a child process is told of a config. What was taken from a pipe is its standard input.
struct ConfigForChild {
  std::string name;
  std::optional<std::string> input;
};
ConfigForChild config_for_child(const std::string& config);

}  // namespace squeezebar
