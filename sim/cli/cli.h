// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// The whole program: runs the sub-command that the arguments name and returns the exit code. Throws nothing:
/// every failure becomes a message on stderr and 1 (the run failed), 2 (wrong usage or input) or 130
/// (interrupted).
int run_cli(int argc, char** argv);

}  // namespace squeezebar
