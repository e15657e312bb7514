// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/report/run_result.h"

namespace squeezebar {

/// Figures that several writers derive from a result, computed in one place. Absent where the result has no
/// timing or the quotient has no finite value.
struct Derived {
  std::optional<double> power_w;       ///< energy / latency
  std::optional<double> tops;          ///< ops / latency / 1e12
  std::optional<double> tops_per_w;    ///< ops / energy / 1e12
  std::optional<double> tops_per_mm2;  ///< tops / area of the whole chip
  std::optional<double> energy_per_image_j;
  std::optional<double> run_length_s;  ///< run_cycles / clock
  double dynamic_j = 0.0;
  double static_j = 0.0;
  LaneTime cycles;  ///< summed over layers
};

Derived derive(const RunResult& result);

}  // namespace squeezebar
