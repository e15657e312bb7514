// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diag.h"
#include "sim/base/yaml.h"
#include "sim/workload/network.h"
#include "sim/workload/tensor_file.h"

namespace squeezebar {

/// The entry `weight` of a layer: a tensor, or its shape alone in a bundle whose weights are drawn.
struct WeightEntry {
  Place place;
  std::vector<std::int64_t> shape;
  std::optional<TensorFile> tensor;
};

/// Reads `node`'s entry `weight`; with `drawn` the shape stands alone and there is no bias, multiplier or
/// weight_scale.
std::optional<WeightEntry> read_weight_entry(const YamlNode& node, const std::string& key,
                                             const std::filesystem::path& folder, bool drawn,
                                             Diagnostics& diagnostics);

/// Fills the weight matrix, bias and multipliers of a layer on crossbars; of weights that are drawn, only the
/// matrix's size. `node` is the layer's map in network.yaml, `key` its name in messages, `weight` its entry,
/// whose shape was checked.
void fill_weights(const YamlNode& node, const Place& place, const std::string& key,
                  const std::filesystem::path& folder, const WeightEntry& weight, Layer& layer,
                  Diagnostics& diagnostics);

}  // namespace squeezebar
