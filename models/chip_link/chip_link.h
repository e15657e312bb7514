// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/units.h"

namespace squeezebar {

/// Links between chips, which draw the same power whatever they carry.
struct ChipLinkParams {
  int count = 0;
  Power static_power;  ///< of one link
  Area area;           ///< of one link
};

}  // namespace squeezebar
