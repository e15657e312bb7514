// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "sim/sweep/point_check.h"

namespace squeezebar {

/// Checks points of a sweep as `squeezebar run` would: what is wrong with any of them is told before the
/// first one runs. Bundles are loaded once for all points.
PointCheck check_like_run(const std::string& base);

}  // namespace squeezebar
