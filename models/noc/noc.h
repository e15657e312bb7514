// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/description.h"

namespace squeezebar {

/// Parameters common to all networks on chip. The cost is that of one router; its energy is that of one byte
/// carried.
struct NocParams : ComponentCost {
  int tiles_per_router = 1;
};

/// How long a message between layers takes. A variant registers itself in Registry<NocModel>.
class NocModel {
 public:
  virtual ~NocModel() = default;

  /// Chip cycles for which a message of `bytes` occupies its edge's own link.
  virtual std::int64_t occupancy_cycles(std::int64_t bytes, Frequency clock) const = 0;
  /// Chip cycles from the last byte on the link to its arrival.
  virtual std::int64_t latency_cycles(Frequency clock) const = 0;
};

}  // namespace squeezebar
