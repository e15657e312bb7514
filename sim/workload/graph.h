// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sim/base/diag.h"
#include "sim/base/yaml.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Reads the input, the layers and their tensors, orders them topologically (ties in file order) and checks
/// the graph.
Network read_network(const YamlNode& root, const std::filesystem::path& folder, const std::string& output,
                     Diagnostics& diagnostics);

}  // namespace squeezebar
