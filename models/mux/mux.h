// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/description.h"

namespace squeezebar {

/// Column multiplexers between sample-and-hold and ADCs. The cost is that of one instance.
struct MuxParams : ComponentCost {
  int per_crossbar = 0;
};

}  // namespace squeezebar
