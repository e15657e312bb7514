// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// The eDRAM buffer of a tile. The cost is that of one of `cost_size`; its energy is that of one byte read
/// or written.
struct BufferParams : ComponentCost {
  Capacity size;
  Capacity input_size;
  Capacity output_size;
  Capacity cost_size;
};

}  // namespace squeezebar
