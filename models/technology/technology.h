// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/units.h"

namespace squeezebar {

struct TechnologyParams {
  Length node;
};

}  // namespace squeezebar
