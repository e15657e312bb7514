// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/chip/chip_plan.h"
#include "sim/terms/rates.h"
#include "sim/terms/work.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// What a wave of the layer makes its tiles do outside the engine: fetch inputs, add partial sums of lanes,
/// bias, requantise and pool, write the pixel and read it for every link. `plan` has its lanes and edges.
Rates layer_rates(const Network& network, const Layer& layer, const LayerPlan& plan);

/// What a pixel of this many bytes does on its way into an input buffer.
Rates edge_rates(Count pixel_bytes);

/// What a layer did in the images of the plan. `work`: of its lanes, over all images.
CountedWork count_layer(const ChipPlan& plan, int layer, const WorkTotals& work);

}  // namespace squeezebar
