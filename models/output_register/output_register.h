// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/register_fields.h"

namespace squeezebar {

/// Registers that hold the results of a processing element. See RegisterParams for the cost.
struct OutputRegisterParams : RegisterParams {
  int per_element = 0;
};

}  // namespace squeezebar
