// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "sim/sweep/plan.h"

namespace squeezebar {

/// Seconds that one core takes for the pending points, from short runs of a few of them with few images;
/// nothing if none of these runs succeeded. Points of a bundle are taken to be alike.
std::optional<double> probe(const Plan& plan, const std::vector<std::size_t>& pending);

}  // namespace squeezebar
