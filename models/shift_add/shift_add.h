// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Shift-and-add units behind the ADCs. The cost is that of one instance.
struct ShiftAddParams : ComponentCost {
  int per_element = 0;
};

}  // namespace squeezebar
