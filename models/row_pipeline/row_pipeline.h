// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// Depth of the stages around the bit-cycles of a row group, each stage one bit-cycle long, and how
/// bit-cycles are sequenced.
struct RowPipelineParams {
  int fetch_stages = 0;
  int drain_stages = 0;
  int reduce_stages = 0;
  int vector_stages = 0;
  int write_stages = 0;
  int partial_sum_depth = 0;
  bool input_zero_skip = false;
};

}  // namespace squeezebar
