// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// The bus between a tile's buffer and its processing elements, one per tile. The cost is that of one bus;
/// its energy is that of one byte moved.
struct BusParams : ComponentCost {};

}  // namespace squeezebar
