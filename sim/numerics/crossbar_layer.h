// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/adc_transfer.h"
#include "sim/base/wave_activity.h"
#include "sim/numerics/crossbar_kernel.h"
#include "sim/numerics/wave_kernels.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Where the codes of one crossbar column go.
struct ColumnTarget {
  std::int32_t channel = 0;  ///< within the column block
  std::int32_t shift = 0;    ///< bit significance of the digit
  bool flipped = false;  ///< stored inverted (ISAAC's flip encoding): code -> (2^cell_bits - 1) * unit - code

  bool operator==(const ColumnTarget&) const = default;
};

/// One physical crossbar as the arithmetic sees it.
struct ProgrammedArray {
  PackedArray cells;                  ///< without the unit column, whose sum is the sum of the drives
  std::vector<ColumnTarget> targets;  ///< [columns]
  bool negative = false;              ///< holds the negative polarity
  bool unit_column = false;           ///< has a column of level 1 on the mapped rows
  std::int64_t unit_weight =
      0;  ///< what one unit adds to every channel of the array (offset encoding: -2^(weight bits - 1))
  bool blank = false;  ///< every cell is zero: reading it changes nothing
  int pair = -1;       ///< index of the other polarity when the two count as one crossbar, else -1
  AdcTransfer adc;
};

/// One row block x one column block with all its arrays: the unit of lock step.
struct RowGroupProgram {
  int first_row = 0;
  int last_row = 0;  ///< exclusive
  int first_channel = 0;
  int channels = 0;
  bool runs = true;  ///< false: no array is allocated
  std::vector<ProgrammedArray> arrays;
};

/// Bit-exact arithmetic of one layer on its crossbars: slices inputs, reads arrays through their ADCs,
/// splices, reduces and requantises. Immutable, so that many threads may use it at once.
class CrossbarLayer {
 public:
  CrossbarLayer(const Layer& layer, const Quantisation& input, int dac_bits,
                std::vector<RowGroupProgram> groups);

  [[nodiscard]] const std::vector<RowGroupProgram>& groups() const { return groups_; }
  [[nodiscard]] int bit_cycles() const { return bit_cycles_; }
  [[nodiscard]] int waves() const { return layer_.waves(); }

  /// The input with its padding; shared by all tiles of waves.
  [[nodiscard]] std::vector<std::uint16_t> pad(const FeatureMap& in) const;
  /// Waves [first, last): writes their output codes and activity[group * waves() + wave].
  void run(std::span<const std::uint16_t> padded, int first, int last, FeatureMap& out,
           std::span<WaveActivity> activity) const;
  /// Number of waves that keep an array in the first-level cache while it is read.
  static constexpr int kTile = 32;

 private:
  struct Plan;
  void run_group(std::size_t index, std::span<const WaveBits> bits, std::span<std::int64_t> sums,
                 std::span<WaveActivity> activity, int first_wave) const;
  void read_shared(const RowGroupProgram& group, const Plan& plan, const WaveBits& bits,
                   std::span<std::int64_t> sums, WaveActivity& activity) const;
  void read_array_by_array(const RowGroupProgram& group, const Plan& plan, std::size_t index,
                           std::span<const WaveBits> bits, std::span<std::int64_t> sums,
                           std::span<WaveActivity> activity, std::size_t activity_first) const;

  /// How the arrays of a group share accumulators.
  struct Plan {
    bool shared = false;             ///< all arrays add into one accumulator per channel
    int chunk = 0;                   ///< bit-cycles that fit the 32-bit accumulators
    int max_columns = 0;             ///< padded
    std::vector<SpliceSums> arrays;  ///< unless shared
  };
  static SpliceSums plan_splice(const ProgrammedArray& array);

  const Layer& layer_;
  Quantisation input_;
  int dac_bits_;
  int bit_cycles_;
  std::vector<RowGroupProgram> groups_;
  std::vector<Plan> plans_;
  RequantiseTable requantise_;
  std::vector<std::int32_t>
      row_offset_;  ///< of each matrix row in the padded input, relative to the window's corner
  int padded_height_;
  int padded_width_;
};

}  // namespace squeezebar
