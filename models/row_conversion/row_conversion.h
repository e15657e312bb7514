// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// Input alignment of squeezed row groups behind the row conversion mask register. The cost is that of one
/// instance.
struct RowConversionParams : ComponentCost {
  int per_element = 0;
};

}  // namespace squeezebar
