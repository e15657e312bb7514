// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diag.h"
#include "sim/workload/network.h"
#include "sim/workload/npy.h"
#include "sim/workload/synthetic.h"

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
  std::optional<std::int64_t> accuracy_images;           ///< held-out samples, the first ones, behind it
  std::optional<std::vector<std::int64_t>> float_wrong;  ///< those of them that the float network gets wrong
  std::optional<double> sparsity;
};

/// What is drawn where the bundle holds no values.
struct DrawOptions {
  std::uint64_t seed = 1;                                  ///< of the run; combined with that of the bundle
  std::optional<InputDistribution> inputs = std::nullopt;  ///< draw images even if the bundle holds samples
  std::int64_t most_weights = std::int64_t{1} << 28;
};

/// A workload as the offline front end exports it: a folder with network.yaml, tensors, samples and expected
/// outputs; or shapes alone, with weights and images drawn on load.
struct Bundle {
  std::filesystem::path folder;
  Network network;
  Samples samples;
  NpyArray expected;  ///< output codes of the first expected.shape[0] samples, [n, ...]
  Provenance provenance;
  std::string hash;                    ///< SHA-256 over network.yaml, which holds the digest of every tensor
  std::optional<Synthetic> synthetic;  ///< how the weights were drawn, if they were
  std::optional<InputDistribution> drawn_inputs;  ///< images are drawn, as many as are asked for
  std::uint64_t seed = 0;                         ///< of all draws

  /// Images that there are: samples, or as many as can be numbered.
  [[nodiscard]] int images() const;
};

/// Reads and checks a bundle: unknown keys, wrong shapes, dtypes, checksums, ranges, graph cycles, unused
/// layers and missing files are all reported, each with its place in network.yaml. The result is meaningless
/// if `diagnostics` has errors.
Bundle load_bundle(const std::filesystem::path& folder, Diagnostics& diagnostics,
                   const DrawOptions& draw = {});

/// What was drawn instead of read, a phrase for weights and for inputs; empty for an ordinary bundle.
std::vector<std::string> synthetic_parts(const Bundle& bundle);

/// Fraction of the `count` samples from `first` on that the float network gets right, as far as the
/// provenance tells it of just these samples.
std::optional<double> float_accuracy(const Bundle& bundle, std::int64_t first, std::int64_t count);

/// One image as a feature map: a sample, or drawn codes.
FeatureMap sample_input(const Bundle& bundle, int index);

}  // namespace squeezebar
