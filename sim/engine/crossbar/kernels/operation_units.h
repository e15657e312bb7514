// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/engine/crossbar/kernels/crossbar_layer.h"

namespace squeezebar {

/// The largest level sum of a column over any `ou_rows` of its word lines: the bound of what an operation
/// unit adds up, in levels.
std::int64_t largest_ou_sum(const PackedArray& cells, int ou_rows);

/// Bit-exact arithmetic of a row group that is read by operation units (SRE, ISCA 2019). In each bit-cycle
/// the word lines of a column group whose drive is not zero are taken in their order, `ou_rows` at a time;
/// the sums of each such unit go through the ADC by themselves. Immutable.
class OperationUnits {
 public:
  OperationUnits(const RowGroupProgram& group, const Quantisation& input, int dac_bits);

  /// One wave. `codes`: stored codes on the rows of the group; adds to `sums`, in 1/256, one for each of its
  /// channels.
  WaveActivity run(const RowGroupProgram& group, std::span<const std::uint16_t> codes,
                   std::span<std::int64_t> sums) const;

  /// Counts the sums of all operation units of an array in some waves. `codes`: of each wave one after the
  /// other, on the rows of the group.
  void count_sums(const RowGroupProgram& group, std::size_t array, std::span<const std::uint16_t> codes,
                  SumHistogram& sums) const;

 private:
  struct ColumnPlan {
    bool exact = false;                ///< no unit can clip, so that its codes add up to the column's sum
    AdcTransfer whole;                 ///< exact: takes the sum over all word lines
    int chunk = 0;                     ///< exact: bit-cycles that fit the 32-bit accumulators
    std::vector<std::uint8_t> levels;  ///< unless exact: [word line][column]
  };
  struct Member;  // a column group of one polarity

  ColumnPlan plan(const ColumnGroup& columns, const AdcTransfer& adc, int ou_rows) const;
  void count_units(const ColumnGroup& columns, int ou_rows, WaveActivity& activity) const;
  void read(const RowGroupProgram& group, std::size_t array, std::size_t column_group, WaveActivity& activity,
            std::span<std::int64_t> sums) const;
  void read_exact(const Member& member, std::span<std::int64_t> sums) const;
  /// Returns the clipped conversions: (unit, column) with a member that clips.
  std::uint32_t read_unit_by_unit(std::span<const Member> members, int ou_rows,
                                  std::span<std::int64_t> sums) const;
  /// Calls read(span of driven word lines) for each operation unit of a bit-cycle of the gathered codes.
  template <class Read>
  void for_each_unit(int bit_cycle, int ou_rows, const Read& read) const;
  [[nodiscard]] int full_drive() const { return (1 << dac_bits_) - 1; }

  int dac_bits_;
  int bit_cycles_;
  int negative_cycle_;                          ///< carries the negative weight of signed inputs, or -1
  std::vector<std::vector<ColumnPlan>> plans_;  ///< [array][column group]
};

}  // namespace squeezebar
