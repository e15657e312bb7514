// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/wave_activity.h"

namespace squeezebar {

/// Gives the row pipelines what each wave does. Waves are numbered over all images.
class ActivitySource {
 public:
  virtual ~ActivitySource() = default;
  /// Called once for each (layer, row group, wave), in wave order per row group and replica.
  virtual WaveActivity take(int layer, int group, std::int64_t wave) = 0;
};

}  // namespace squeezebar
