// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Which word lines cost a drive in a bit-cycle: all mapped rows, or those with a non-zero input.
enum class DacCharge { rows, ones };

/// Word-line drivers, one per row of each crossbar. The cost is that of one driver.
struct DacParams : ComponentCost {
  int bits = 1;
  int cost_bits = 0;  ///< that the price is for; 0: not known
  DacCharge charge = DacCharge::rows;
};

}  // namespace squeezebar
