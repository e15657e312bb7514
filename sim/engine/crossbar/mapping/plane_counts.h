// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/engine/crossbar/mapping/plane_analysis.h"
#include "sim/engine/crossbar/mapping/squeeze_options.h"

namespace squeezebar {

/// What a mapping takes for one layer, without its arrays. Arrays count as physical crossbars, a pair once
/// with Signs::magnitude.
struct PlaneCounts {
  /// [plane] arrays, most significant plane first; a single number when the planes share their arrays.
  std::vector<std::int64_t> allocated;
  std::int64_t row_groups = 0;       ///< of the grid
  std::int64_t running_groups = 0;   ///< with at least one array
  std::int64_t squeezed_groups = 0;  ///< in which a row is shifted
  std::int64_t bit_cycles = 0;       ///< sum of stream lengths T_g over the row groups that run
  std::int64_t array_cycles = 0;     ///< sum of arrays x T_g: what squeezing tries to lower
  IndexStorage index;
  WeightError error;
  LevelSumCounts level_sums;  ///< of its arrays; count_planes leaves it empty

  [[nodiscard]] std::int64_t total() const;
  /// Over the columns of every array.
  [[nodiscard]] std::int64_t largest_level_sum() const {
    return level_sums.empty() ? 0 : level_sums.rbegin()->first;
  }
};

/// What bit_sliced takes, counted without packing an array: the same numbers as its map() gives.
///
/// `activation_bits`: of the layer's input codes. Throws std::invalid_argument when the layer cannot be
/// squeezed so: degree not below planes(), or offset signs, where zero weights hold ones. The analysis serves
/// any number of options.
PlaneCounts count_planes(const PlaneAnalysis& analysis, const SqueezeOptions& options, int activation_bits);

/// The counts of a layer that was mapped.
PlaneCounts counts_of(const LayerMapping& mapping, const CrossbarGeometry& geometry, int planes,
                      int activation_bits);

/// For a single set of options.
PlaneCounts count_planes(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                         const SqueezeOptions& options, int activation_bits);

}  // namespace squeezebar
