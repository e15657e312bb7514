// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Adders that splice bit planes. The cost is that of one instance.
struct SpliceParams : ComponentCost {
  int per_element = 0;
};

}  // namespace squeezebar
