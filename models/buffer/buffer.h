// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/description.h"

namespace squeezebar {

/// The eDRAM buffer of a tile. The cost is that of one buffer; its energy is that of one byte read or
/// written.
struct BufferParams : ComponentCost {
  Capacity size;
  Capacity input_size;
  Capacity output_size;
};

}  // namespace squeezebar
