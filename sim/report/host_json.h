// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/report/run_result.h"

namespace squeezebar {

/// Content of host.json: how this machine executed the run. Not part of the results, so no registered writer.
std::string host_json(const HostFacts& host);

}  // namespace squeezebar
