// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/description.h"

namespace squeezebar {

/// A ReRAM array with its word and bit lines. The cost is that of one array; its energy is that of one read,
/// whatever the inputs and cells are.
struct CrossbarParams : ComponentCost {
  int rows = 0;
  int columns = 0;
  Time read_time;
};

}  // namespace squeezebar
