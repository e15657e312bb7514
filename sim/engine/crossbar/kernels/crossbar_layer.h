// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sim/engine/crossbar/kernels/crossbar_kernel.h"
#include "sim/engine/crossbar/kernels/exact_product.h"
#include "sim/engine/crossbar/kernels/wave_activity.h"
#include "sim/engine/crossbar/kernels/wave_kernels.h"
#include "sim/terms/adc_calibration.h"
#include "sim/terms/adc_transfer.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Where the codes of one crossbar column go.
struct ColumnTarget {
  std::int32_t channel = 0;  ///< within the column block
  std::int32_t shift = 0;    ///< bit significance of the digit
  bool flipped = false;  ///< stored inverted (ISAAC's flip encoding): code -> (2^cell_bits - 1) * unit - code

  bool operator==(const ColumnTarget&) const = default;
};

/// Adjacent columns of a crossbar that is read by operation units (OUs). Their word lines hold rows of their
/// own choice: those in which these columns have a non-zero cell (SRE, ISCA 2019).
struct ColumnGroup {
  int first_column = 0;
  std::vector<std::int32_t> lines;  ///< index into RowGroupProgram::rows of the row on each word line
  PackedArray cells;                ///< [lines][columns that hold a digit]
  int physical_columns = 0;
  int occupied_columns = 0;  ///< with a non-zero cell (of either polarity when a pair counts as one)
};

/// One physical crossbar as the arithmetic sees it.
struct ProgrammedArray {
  PackedArray
      cells;  ///< without the unit column, whose sum is the sum of the drives; none with column groups
  /// Of a crossbar that is read by operation units, without groups that hold nothing; the two of a pair have
  /// the same word lines.
  std::vector<ColumnGroup> column_groups;
  std::vector<ColumnTarget> targets;  ///< [columns]
  bool negative = false;              ///< holds the negative polarity
  bool unit_column = false;           ///< has a column of level 1 on the mapped rows
  std::int64_t unit_weight =
      0;  ///< what one unit adds to every channel of the array (offset encoding: -2^(weight bits - 1))
  bool blank = false;  ///< every cell is zero: reading it changes nothing
  int pair = -1;       ///< index of the other polarity when the two count as one crossbar, else -1
  AdcTransfer adc;
  bool exact = false;  ///< the ADC gives every sum that the cells can add up to as it is

  /// For columns that add up to `sum_bound` at most.
  void set_adc(const AdcTransfer& transfer, std::int64_t sum_bound) {
    adc = transfer;
    exact = transfer.step256 == 256 && transfer.max_code >= sum_bound;
  }
};

/// One row block x one column block with all its arrays: the unit of lock step.
struct RowGroupProgram {
  std::vector<std::int32_t> rows;  ///< matrix row on each mapped word line
  /// By how many bits each row's weights were moved down and its input must be moved up (squeeze-out, SME,
  /// arXiv 2103.01705, section III-C); empty: none.
  std::vector<std::uint8_t> row_shift;
  int shift_bits = 0;  ///< bits by which the group's input stream is longer than an activation
  int ou_rows = 0;  ///< most word lines driven at once, column group by column group; 0: all, in all columns
  int first_channel = 0;
  int channels = 0;
  bool runs = true;  ///< false: no array is allocated
  std::vector<ProgrammedArray> arrays;
};

/// Programs of row groups, which whoever mapped them may keep, too.
using SharedPrograms = std::vector<std::shared_ptr<const RowGroupProgram>>;

/// The programs for a single user.
SharedPrograms share(std::vector<RowGroupProgram> programs);

class OperationUnits;

/// Bit-exact arithmetic of one layer on its crossbars: slices inputs, reads arrays through their ADCs,
/// splices, reduces and requantises. Immutable, so that many threads may use it at once.
class CrossbarLayer {
 public:
  /// `skip_zeros`: bit-cycles in which no word line of the row group is driven are not executed.
  CrossbarLayer(const Layer& layer, const Quantisation& input, int dac_bits, bool skip_zeros,
                SharedPrograms groups);
  ~CrossbarLayer();

  [[nodiscard]] std::size_t groups() const { return groups_.size(); }
  /// Length of a row group's input stream.
  [[nodiscard]] int bit_cycles(std::size_t group) const { return streams_[stream_of_[group]].bit_cycles; }
  [[nodiscard]] int waves() const { return layer_.waves(); }

  /// The input with its padding; shared by all tiles of waves.
  [[nodiscard]] std::vector<std::uint16_t> pad(const FeatureMap& in) const;
  /// The input streams of a row group for as many waves from `first` on as `bits` holds.
  void slice(std::size_t group, std::span<const std::uint16_t> padded, int first,
             std::span<WaveBits> bits) const;
  /// Waves [first, last): writes their output codes and activity[group * (last - first) + wave - first].
  void run(std::span<const std::uint16_t> padded, int first, int last, FeatureMap& out,
           std::span<WaveActivity> activity) const;
  /// Counts the column sums of a row group in all waves, as they reach the ADCs: sums[array][sum], each long
  /// enough for its array's largest sum, or empty to leave the array out. Columns that hold no digit have no
  /// part in it, nor have arrays without a non-zero cell; bit-cycles in which no word line is driven have.
  void count_sums(std::size_t group, std::span<const std::uint16_t> padded,
                  std::span<SumHistogram> sums) const;
  /// Number of waves that keep an array in the first-level cache while it is read.
  static constexpr int kTile = 32;

 private:
  struct Plan;
  struct Stream;
  void run_group(std::size_t index, std::span<const WaveBits> bits, std::span<std::int64_t> sums,
                 std::span<WaveActivity> activity) const;
  void note_activity(const Stream& stream, std::span<const WaveBits> bits,
                     std::span<WaveActivity> activity) const;
  void read_shared(const RowGroupProgram& group, const Plan& plan, const Stream& stream, const WaveBits& bits,
                   std::span<std::int64_t> sums, WaveActivity& activity) const;
  void read_array_by_array(const RowGroupProgram& group, const Plan& plan, const Stream& stream,
                           std::size_t index, std::span<const WaveBits> bits, std::span<std::int64_t> sums,
                           std::span<WaveActivity> activity, std::size_t activity_first) const;

  /// The input vectors of row groups with the same rows and shifts.
  struct Stream {
    std::vector<std::int32_t> offsets;  ///< of each row in the padded input, relative to the window's corner
    std::vector<std::uint8_t> row_shift;
    int bit_cycles = 0;
    int negative_cycle = -1;  ///< carries the negative weight of signed inputs

    bool operator==(const Stream&) const = default;
  };
  /// What the row groups of a stream need of it.
  struct Uses {
    bool bits = false;    ///< some array is read bit by bit
    bool values = false;  ///< some arrays are an exact product
  };
  void add_stream(const RowGroupProgram& group, const std::vector<std::int32_t>& row_offset);

  /// The stored codes on the rows of a stream.
  void gather(const Stream& stream, std::span<const std::uint16_t> padded, int wave,
              std::span<std::uint16_t> codes) const;
  void count_unit_sums(std::size_t index, std::span<const std::uint16_t> padded,
                       std::span<SumHistogram> sums) const;
  void run_operation_units(std::size_t index, std::span<const std::uint16_t> padded, int first_wave,
                           std::span<std::int64_t> sums, std::span<WaveActivity> activity) const;

  /// How the arrays of a group share accumulators.
  struct Plan {
    bool shared = false;                  ///< all arrays add into one accumulator per channel
    int chunk = 0;                        ///< bit-cycles that fit the 32-bit accumulators
    int max_columns = 0;                  ///< padded
    std::vector<SpliceSums> arrays;       ///< unless shared
    std::optional<ExactProduct> product;  ///< stands for the arrays that are not in `read`
    std::vector<std::size_t> read;        ///< arrays that are read bit by bit
    std::vector<CodeTable> codes;         ///< [array] empty where it needs none
  };
  static SpliceSums plan_splice(const ProgrammedArray& array);
  [[nodiscard]] std::optional<ExactProduct> plan_product(const RowGroupProgram& group,
                                                         std::vector<std::size_t>& read) const;

  const Layer& layer_;
  Quantisation input_;
  int dac_bits_;
  bool skip_zeros_;
  SharedPrograms groups_;
  std::vector<Plan> plans_;
  std::vector<std::unique_ptr<OperationUnits>>
      operation_units_;  ///< [row group]; null: reads whole crossbars
  std::vector<Stream> streams_;
  std::vector<std::size_t> stream_of_;  ///< [row group]
  std::vector<Uses> uses_;              ///< [stream]
  RequantiseTable requantise_;
  int padded_height_;
  int padded_width_;
};

}  // namespace squeezebar
