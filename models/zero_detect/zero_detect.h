// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Logic that finds the bit-cycles in which no word line is driven. The cost is that of one for
/// crossbars of `cost_rows`.
struct ZeroDetectParams : ComponentCost {
  int per_element = 0;
  int cost_rows = 0;
};

}  // namespace squeezebar
