// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Pooling units. The cost is that of one instance.
struct PoolParams : ComponentCost {
  int per_tile = 0;
};

}  // namespace squeezebar
