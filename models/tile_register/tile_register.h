// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/register_fields.h"

namespace squeezebar {

/// Output registers of a tile. See RegisterParams for the cost.
struct TileRegisterParams : RegisterParams {
  int per_tile = 0;
};

}  // namespace squeezebar
