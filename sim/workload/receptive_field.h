// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/workload/feature_map.h"

namespace squeezebar {

/// Which pixels of an image (numbered in raster order, as they stream in) each wave depends on.
struct ReceptiveFields {
  std::vector<int> needed;    ///< [wave] pixels that must have arrived before it can start
  std::vector<int> released;  ///< [wave] pixels that no later wave of the image looks at
};

/// `out` is the layer's output shape: one wave per output pixel, in raster order.
ReceptiveFields receptive_fields(const Window& window, const FeatureShape& in, const FeatureShape& out);

}  // namespace squeezebar
