// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sim/base/diag.h"
#include "sim/base/yaml.h"
#include "sim/workload/network.h"
#include "sim/workload/tensor_file.h"

namespace squeezebar {

/// Fills the weight matrix, bias and multipliers of a layer on crossbars. `node` is the layer's map in
/// network.yaml, `key` its name in messages, `weight` its weight tensor, whose shape was checked.
void fill_weights(const YamlNode& node, const Place& place, const std::string& key,
                  const std::filesystem::path& folder, const TensorFile& weight, Layer& layer,
                  Diagnostics& diagnostics);

}  // namespace squeezebar
