// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace squeezebar {

/// Asks a child process and its group, which it leads, to end.
void tell_to_end(pid_t child);

/// Asks all to end, waits for them, and ends those that take longer than their programs need for it. They
/// stay to be reaped.
void end_children(const std::vector<pid_t>& children);

/// Runs a program (looked for on the path) in a process group of its own and waits for it: its exit code. An
/// interrupt is handed on to it. Throws Interrupted, and RunError if it cannot be started (with `remedy`) or
/// a signal ended it. With `input`, that is the program's standard input.
int run_child(const std::vector<std::string>& words, const std::string& remedy = "",
              const std::optional<std::string>& input = std::nullopt);

}  // namespace squeezebar
