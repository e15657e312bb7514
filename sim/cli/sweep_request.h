// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "sim/cli/command.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/spec.h"
#include "sim/sweep/sweep.h"

namespace squeezebar {

/// What a user asked `squeezebar sweep` for.
struct SweepRequest {
  std::string action;            ///< empty: run
  std::filesystem::path target;  ///< a spec, or the folder of a sweep
  bool is_folder = false;
};

/// What is wrong with the words of the command line.
[[noreturn]] void refuse_sweep_usage(const std::string& message);

void declare_sweep_options(po::options_description& options);

SweepRequest sweep_request_of(const Invocation& invocation);
/// Where the sweep lies, or is to lie.
SweepFolder sweep_folder_of(const Invocation& invocation, const SweepRequest& request);
/// The folder of a sweep that is named; throws UserError if it is none.
SweepFolder open_sweep(const Invocation& invocation, const SweepRequest& request);
PendingOptions pending_options_of(const Invocation& invocation);
std::unique_ptr<Engine> engine_of(const Invocation& invocation);

/// Values of the command line for all points; an axis cannot be one of them.
void add_overrides(const Invocation& invocation, SweepSpec& spec, Diagnostics& diagnostics);

}  // namespace squeezebar
