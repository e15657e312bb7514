// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"
#include "sim/terms/index_storage.h"

namespace squeezebar {

/// Registers that hold what a mapping must remember beside the weights. The cost is that of one bit; the chip
/// has as many bits as the mapping of its network needs.
struct IndexMemoryParams : ComponentCost {
  bool charge_occupancy = false;

  /// Bits of `storage` that are priced.
  [[nodiscard]] std::int64_t charged_bits(const IndexStorage& storage) const {
    return storage.total() - (charge_occupancy ? 0 : storage.occupancy);
  }
};

}  // namespace squeezebar
