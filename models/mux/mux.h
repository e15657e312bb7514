// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Column multiplexers between sample-and-hold and ADCs. The cost is that of one that serves
/// `cost_columns` columns.
struct MuxParams : ComponentCost {
  int per_crossbar = 0;
  int cost_columns = 0;
};

}  // namespace squeezebar
