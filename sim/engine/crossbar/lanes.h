// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/config.h"
#include "sim/engine/crossbar/mapped_network.h"
#include "sim/terms/lane_plan.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Bytes of a partial sum in an output register.
inline constexpr Count kPartialSumBytes = 4;

/// What time and counts see of a layer on crossbars: a lane for each row group, in the mapping's order.
LayerLanes crossbar_lanes(const Config& config, const MappedNetwork& mapped, const MappedLayer& layer,
                          const Quantisation& input);

}  // namespace squeezebar
