// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {

/// The weights that a row group stores.
struct StoredBlock {
  std::span<const std::int32_t> rows;
  std::span<const std::uint8_t> row_shift;  ///< bits by which each row is moved down; empty: none
  int first_channel = 0;
  int channels = 0;
};

/// The largest sum of levels in a column of each digit of the block's weights, [digit][polarity], digit 0 the
/// least significant, unit columns included. Both polarities are alike with offset signs, which have one.
std::vector<std::array<std::int64_t, 2>> level_sums(const WeightMatrix& weights,
                                                    const CrossbarGeometry& geometry,
                                                    const StoredBlock& block);

/// Adds arrays to a count by their largest level sum, as MappedGroup::converted_level_sum has it: those of
/// one set of digits, whose sums are given by polarity. Arrays that hold nothing are left out unless
/// `keep_empty`.
void count_arrays(const std::array<std::int64_t, 2>& sums, const CrossbarGeometry& geometry, bool keep_empty,
                  LevelSumCounts& counts);

}  // namespace squeezebar
