// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/base/diag.h"
#include "sim/base/yaml.h"
#include "sim/workload/feature_map.h"
#include "sim/workload/npy.h"

namespace squeezebar {

/// A tensor of a bundle and the place where network.yaml names it.
struct TensorFile {
  NpyArray array;
  Place place;
};

/// Reads the tensor that `map[name]` refers to ({file, dtype, shape, sha256}) and checks it against what is
/// said there.
std::optional<TensorFile> read_tensor(const YamlNode& map, std::string_view name, const std::string& key,
                                      const std::filesystem::path& folder, Diagnostics& diagnostics);

/// Reports codes outside what the quantisation can hold.
void check_codes(const TensorFile& tensor, const Quantisation& quantisation, const std::string& key,
                 Diagnostics& diagnostics);

}  // namespace squeezebar
