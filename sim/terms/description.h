// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/cycles.h"
#include "sim/base/units.h"

namespace squeezebar {

/// How fast a converter works.
struct ConversionTiming {
  Rate rate;  ///< conversions per second of one ADC
};

/// What one instance of a component costs.
struct ComponentCost {
  Energy energy;  ///< per action
  Power power;    ///< nameplate power while active, for peak figures only
  Power leakage;  ///< drawn all the time
  Area area;
  Length node;                ///< of the process that the numbers hold for; 0: not said
  bool extrapolated = false;  ///< outside the range in which the cost model was fitted
};

}  // namespace squeezebar
