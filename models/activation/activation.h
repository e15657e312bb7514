// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Activation units. The cost is that of one instance.
struct ActivationParams : ComponentCost {
  int per_tile = 0;
};

}  // namespace squeezebar
