// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// What a row group did for one wave: all that timing and accounting need to know about values.
struct WaveActivity {
  std::uint32_t bit_cycles = 0;  ///< executed
  std::uint32_t skipped = 0;     ///< bit-cycles skipped because no row is driven
  std::uint32_t ones = 0;        ///< (row, bit-cycle) pairs with a non-zero drive value
  std::uint32_t clipped = 0;     ///< clipped conversions, the unit columns included

  bool operator==(const WaveActivity&) const = default;
};

}  // namespace squeezebar
