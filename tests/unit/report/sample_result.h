// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/report/run_result.h"

namespace squeezebar::test {

/// A made-up result of a network with convolutions, pools and linear layers whose parts sum to its totals.
RunResult sample_result();

/// The same with function: values, so without timing and energy.
RunResult sample_values_result();

/// The content that the registered writer gives the file.
std::string written(const std::string& file, const RunResult& result);

}  // namespace squeezebar::test
