// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "sim/mapping/mapping.h"

namespace squeezebar {

/// The weights that a row group stores.
struct StoredBlock {
  std::span<const std::int32_t> rows;
  std::span<const std::uint8_t> row_shift;  ///< bits by which each row is moved down; empty: none
  int first_channel = 0;
  int channels = 0;
};

/// The largest sum of levels in a column of any of the block's arrays (ArrayFacts::largest_level_sum), unit
/// columns included. Whether the digits share an array or not makes no difference to it.
std::int64_t largest_level_sum(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                               const StoredBlock& block);

}  // namespace squeezebar
