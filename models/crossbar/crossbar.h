// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/description.h"

namespace squeezebar {

/// A ReRAM array with its word and bit lines. The cost is that of one array of `cost_rows` x `cost_columns`;
/// its energy is that of one read, whatever the inputs and cells are.
struct CrossbarParams : ComponentCost {
  int rows = 0;
  int columns = 0;
  int cost_rows = 0;
  int cost_columns = 0;
  int cost_cell_bits = 0;  ///< 0: not known
  Time read_time;
};

}  // namespace squeezebar
