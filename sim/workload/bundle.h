// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diag.h"
#include "sim/workload/network.h"
#include "sim/workload/npy.h"

namespace squeezebar {

/// Labelled inputs that come with a network.
struct Samples {
  NpyArray inputs;          ///< stored codes [n, channels, height, width]
  std::vector<int> labels;  ///< [n], empty if there are none

  [[nodiscard]] int count() const { return inputs.shape.empty() ? 0 : static_cast<int>(inputs.shape[0]); }
};

/// What the front end wrote down about a bundle's making; shown in reports, never computed with.
struct Provenance {
  std::string source;
  std::string method;
  std::string command;
  std::optional<double> float_accuracy_top1;
  std::optional<double> sparsity;
};

/// A workload as the offline front end exports it: a folder with network.yaml, tensors, samples and expected
/// outputs.
struct Bundle {
  std::filesystem::path folder;
  Network network;
  Samples samples;
  NpyArray expected;  ///< output codes of the first expected.shape[0] samples, [n, ...]
  Provenance provenance;
  std::string hash;  ///< SHA-256 over network.yaml, which holds the digest of every tensor
};

/// Reads and checks a bundle: unknown keys, wrong shapes, dtypes, checksums, ranges, graph cycles, unused
/// layers and missing files are all reported, each with its place in network.yaml. The result is meaningless
/// if `diagnostics` has errors.
Bundle load_bundle(const std::filesystem::path& folder, Diagnostics& diagnostics);

/// One sample's input as a feature map.
FeatureMap sample_input(const Bundle& bundle, int index);

}  // namespace squeezebar
