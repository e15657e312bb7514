// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "sim/mapping/mapping.h"

namespace squeezebar {

inline int ceil_div(int a, int b) { return (a + b - 1) / b; }

/// Cuts the weight matrix into row groups of at most `block_rows` x `block_channels` and fills each by
/// `fill(group)`.
template <class Fill>
LayerMapping for_each_block(const WeightMatrix& weights, int block_rows, int block_channels, Fill fill) {
  LayerMapping out;
  out.row_blocks = ceil_div(weights.rows, block_rows);
  out.column_blocks = ceil_div(weights.columns, block_channels);
  for (int r = 0; r < out.row_blocks; ++r) {
    for (int c = 0; c < out.column_blocks; ++c) {
      MappedGroup group;
      group.row_block = r;
      group.column_block = c;
      for (int row = r * block_rows; row < std::min(weights.rows, (r + 1) * block_rows); ++row)
        group.program.rows.push_back(row);
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

}  // namespace squeezebar
