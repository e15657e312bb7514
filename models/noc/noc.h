// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/description.h"

namespace squeezebar {

/// Parameters common to all networks on chip. The cost is that of one router of `cost_ports` ports of
/// `cost_flit_width`; its energy is that of one byte carried.
struct NocParams : ComponentCost {
  int tiles_per_router = 1;
  int ports = 0;       ///< 0: those of a mesh
  int flit_width = 0;  ///< bits
  int cost_ports = 0;
  int cost_flit_width = 0;

  /// Ports of one router.
  [[nodiscard]] int ports_of_one() const { return ports > 0 ? ports : tiles_per_router + 4; }
  /// Routers of a chip; the last one may serve fewer tiles.
  [[nodiscard]] int routers(int tiles) const { return (tiles + tiles_per_router - 1) / tiles_per_router; }
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
