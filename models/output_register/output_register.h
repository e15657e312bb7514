// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/description.h"

namespace squeezebar {

/// Registers that hold the results of a processing element. The cost is that of one instance.
struct OutputRegisterParams : ComponentCost {
  int per_element = 0;
};

}  // namespace squeezebar
