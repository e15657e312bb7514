// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// Throughput of the element-wise work of a tile; `activation` and `pool` price it.
struct VectorUnitParams {
  int lanes = 1;
};

}  // namespace squeezebar
