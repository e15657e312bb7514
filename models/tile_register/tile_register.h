// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/description.h"

namespace squeezebar {

/// Output registers of a tile. The cost is that of one instance.
struct TileRegisterParams : ComponentCost {
  int per_tile = 0;
};

}  // namespace squeezebar
