// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/diag.h"
#include "sim/compare/run_identity.h"

namespace squeezebar {

/// A point that the program can run, once its workload is there.
struct CheckedPoint {
  std::vector<std::string> overrides;  ///< "section.key=value", as on a command line
  RunIdentity identity;                ///< empty while the workload is missing
  std::string bundle;                  ///< folder of the workload
  std::int64_t images = 0;             ///< that it runs
  std::string recipe;                  ///< command that makes it; not empty: the bundle is missing
  bool is_misread = false;  ///< what is wrong is no matter of fit: a setting that no config takes, a workload
};

/// Loads the config of a point and holds it against its workload. Called from many threads at once; what is
/// wrong goes to the diagnostics, at the place of the setting.
using PointCheck =
    std::function<CheckedPoint(const std::vector<ConfigOverride>& settings, Diagnostics& diagnostics)>;

}  // namespace squeezebar
