// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/rates.h"

namespace squeezebar::test {

/// How often the action happens for each unit of the counter, at any size.
inline Count rate(const Rates& rates, const char* component, const char* action, int counter) {
  Count sum = 0;
  for (const auto& one : rates.actions) {
    if (one.what.action == action_id(component, action) && one.counter == counter) sum += one.n;
  }
  return sum;
}

}  // namespace squeezebar::test
