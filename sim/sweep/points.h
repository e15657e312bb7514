// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/sweep/spec.h"

namespace squeezebar {

/// One point of a sweep.
struct SweepPoint {
  std::size_t number = 0;                ///< from 1, in the order of the spec
  std::vector<std::string> labels;       ///< one for each column
  std::vector<ConfigOverride> settings;  ///< of the fixed values, then of the axes; a key comes once
};

struct SweepPoints {
  std::vector<std::string> columns;  ///< names of the axes; "replicate" comes last if there are several
  std::vector<SweepPoint> points;
};

/// More points than anyone means to run.
inline constexpr std::size_t kMostPoints = 10'000'000;

/// Every point of the spec: the grid of its axes, crossed with its samples and replicates, less exclusions.
/// The last axis runs fastest. `seed` is the base config's run.seed, which replicates count up from.
SweepPoints expand(const SweepSpec& spec, std::int64_t seed, Diagnostics& diagnostics);

}  // namespace squeezebar
