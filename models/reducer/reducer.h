// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Adders over the row groups of a layer. The cost is that of one instance.
struct ReducerParams : ComponentCost {
  int per_tile = 0;
};

}  // namespace squeezebar
