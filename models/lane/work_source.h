// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/work.h"

namespace squeezebar {

/// Gives the lanes what each wave does. Waves are numbered over all images.
class WorkSource {
 public:
  virtual ~WorkSource() = default;
  /// Called once for each (layer, lane, wave), in wave order per lane and replica. What it returns is good
  /// until the next call.
  virtual WaveWork take(int layer, int lane, std::int64_t wave) = 0;
};

}  // namespace squeezebar
