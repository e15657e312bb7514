// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// What a row group did for one wave: all that timing and accounting need to know about values.
struct WaveActivity {
  std::uint32_t bit_cycles = 0;  ///< executed
  std::uint32_t skipped = 0;     ///< bit-cycles skipped because no row is driven
  std::uint32_t ones = 0;     ///< (row, bit-cycle) pairs with a non-zero drive value; 0 with operation units
  std::uint32_t clipped = 0;  ///< clipped conversions, the unit columns included
  /// Timed slots, one after the other: the executed bit-cycles, or with operation units (OUs) the OUs of the
  /// busiest array of each bit-cycle, added up.
  std::uint32_t steps = 0;
  // Of all arrays together, and 0 where whole crossbars are read:
  std::uint32_t ou_reads = 0;   ///< operation units read
  std::uint32_t ou_drives = 0;  ///< word lines driven for them
  // Columns of the operation units that are read. Which of them are converted is no matter of values.
  std::uint32_t ou_all = 0;
  std::uint32_t ou_mapped = 0;    ///< that hold a digit
  std::uint32_t ou_occupied = 0;  ///< with a non-zero cell

  bool operator==(const WaveActivity&) const = default;
};

}  // namespace squeezebar
