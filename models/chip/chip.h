// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/units.h"

namespace squeezebar {

struct ChipParams {
  Frequency clock;
  int tiles = 0;
};

}  // namespace squeezebar
