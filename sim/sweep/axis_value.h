// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/base/config.h"

namespace squeezebar {

/// One place on an axis: its name in tables, and what it sets.
struct AxisValue {
  std::vector<std::string> labels;  ///< one for each column of the axis
  std::vector<ConfigOverride> settings;
};

}  // namespace squeezebar
