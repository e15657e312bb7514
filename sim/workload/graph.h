// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sim/base/diag.h"
#include "sim/base/yaml.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Reads the input, the layers and their tensors, orders them topologically (ties in file order) and checks
/// the graph. With `drawn` there are shapes in place of the tensors, and the values are left empty.
Network read_network(const YamlNode& root, const std::filesystem::path& folder, const std::string& output,
                     bool drawn, Diagnostics& diagnostics);

}  // namespace squeezebar
