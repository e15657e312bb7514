// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {

inline int ceil_div(int a, int b) { return (a + b - 1) / b; }

/// Cuts the weight matrix, its rows taken in `order`, into row groups of at most `block_rows` x
/// `block_channels` and fills each by `fill(group)`.
template <class Fill>
LayerMapping for_each_block(const WeightMatrix& weights, std::span<const std::int32_t> order, int block_rows,
                            int block_channels, Fill fill) {
  LayerMapping out;
  out.row_blocks = ceil_div(weights.rows, block_rows);
  out.column_blocks = ceil_div(weights.columns, block_channels);
  for (int r = 0; r < out.row_blocks; ++r) {
    for (int c = 0; c < out.column_blocks; ++c) {
      MappedGroup group;
      group.row_block = r;
      group.column_block = c;
      for (int row = r * block_rows; row < std::min(weights.rows, (r + 1) * block_rows); ++row)
        group.program.rows.push_back(order[static_cast<std::size_t>(row)]);
      group.program.first_channel = c * block_channels;
      group.program.channels =
          std::min(weights.columns, (c + 1) * block_channels) - group.program.first_channel;
      fill(group);
      group.program.runs = group.allocated() > 0;
      out.groups.push_back(std::move(group));
    }
  }
  return out;
}

/// The same with the rows as they stand.
template <class Fill>
LayerMapping for_each_block(const WeightMatrix& weights, int block_rows, int block_channels, Fill fill) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(weights.rows));
  std::iota(order.begin(), order.end(), 0);
  return for_each_block(weights, order, block_rows, block_channels, fill);
}

}  // namespace squeezebar
