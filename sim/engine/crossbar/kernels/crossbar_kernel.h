// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/terms/adc_transfer.h"

namespace squeezebar {

/// Rows whose cells are looked up together: a group of four one-bit cells indexes a 16-entry table.
inline constexpr int kRowsPerNibble = 4;
/// Columns are padded to a multiple of this, so that every vector width fits.
inline constexpr int kColumnPadding = 64;

/// The cells of one crossbar, packed for the bit-plane kernels.
/// Layout: [cell bit][nibble of four rows][padded column]; the low four bits of a byte are one bit of four
/// rows' cells.
class PackedArray {
 public:
  PackedArray() = default;
  /// levels: row-major [rows][columns], each 0 .. 2^cell_bits - 1.
  PackedArray(int rows, int columns, int cell_bits, std::span<const std::uint8_t> levels);

  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int cell_bits() const { return cell_bits_; }
  [[nodiscard]] int nibbles() const { return (rows_ + kRowsPerNibble - 1) / kRowsPerNibble; }
  [[nodiscard]] int padded_columns() const { return padded_columns_; }
  /// Level of one cell.
  [[nodiscard]] int level(int row, int column) const;
  [[nodiscard]] const std::uint8_t* plane(int cell_bit) const {
    return cells_.data() + static_cast<std::size_t>(cell_bit) * static_cast<std::size_t>(nibbles()) *
                               static_cast<std::size_t>(padded_columns_);
  }

 private:
  int rows_ = 0;
  int columns_ = 0;
  int cell_bits_ = 0;
  int padded_columns_ = 0;
  std::vector<std::uint8_t> cells_;
};

/// Four word lines driven in one bit-cycle: which nibble of rows, and the bits on its rows (never 0).
struct DrivenNibble {
  std::uint32_t packed = 0;  ///< number of the nibble in the low half, bits in the high half: one vector lane

  [[nodiscard]] std::size_t nibble() const { return packed & 0xFFFF; }
  [[nodiscard]] std::size_t bits() const { return packed >> 16; }
};

/// The most input bits that a wave can be sliced into: 16 of an activation and 15 of a squeeze, rounded up to
/// whole bit-cycles of up to 16 bits.
inline constexpr std::size_t kMaxInputBits = 48;

/// One input vector of one row block, sliced into bits: for every input bit the word lines that carry a one.
struct WaveBits {
  std::vector<DrivenNibble> driven;  ///< of all input bits, one after the other (and room to spare)
  std::array<std::uint32_t, kMaxInputBits + 1> begin{};  ///< [input bits + 1] start of each bit in `driven`
  std::array<std::uint32_t, kMaxInputBits> ones{};       ///< [bit-cycles] rows with a non-zero drive value
  std::array<std::uint32_t, kMaxInputBits>
      sums{};  ///< [bit-cycles] sum of drive values: what the unit column adds up
  std::vector<std::int16_t>
      values;  ///< [rows, made even] what the bits add up to, where exact products need it

  [[nodiscard]] std::span<const DrivenNibble> bit(int b) const {
    const auto first = begin[static_cast<std::size_t>(b)];
    return {driven.data() + first, begin[static_cast<std::size_t>(b) + 1] - first};
  }
};

/// Codes of an ADC by sum, for one-bit cells and drives: both fit a byte.
class CodeTable {
 public:
  /// Codes that look-ups find at once.
  struct alignas(16) Part {
    std::array<std::uint8_t, 16> codes;
  };

  CodeTable() = default;
  /// For sums of up to `largest`, which is at most 255.
  CodeTable(const AdcTransfer& adc, int largest);

  [[nodiscard]] bool empty() const { return parts_.empty(); }
  [[nodiscard]] std::span<const Part> parts() const { return parts_; }
  /// The largest sum that is not clipped.
  [[nodiscard]] std::uint8_t last() const { return last_; }

 private:
  std::vector<Part> parts_;  ///< [sum / 16]
  std::uint8_t last_ = 0;
};

/// One array read over a range of bit-cycles: codes are shifted, signed and added into `accumulator`.
struct ArrayRead {
  const PackedArray* cells = nullptr;
  AdcTransfer adc;
  const CodeTable* codes = nullptr;  ///< of `adc` and the sums of `cells`, to make steps other than one fast
  int dac_bits = 1;
  int first_cycle = 0;  ///< bit-cycles [first_cycle, last_cycle) are run
  int last_cycle = 0;
  int shift = 0;            ///< left shift of the code of first_cycle (bit significance of the plane)
  bool negative = false;    ///< subtract instead of add (negative polarity)
  int negative_cycle = -1;  ///< the bit-cycle whose weight is negative (sign bit of signed inputs), or -1
  std::int32_t* accumulator = nullptr;  ///< [padded columns]
  /// With a pair of polarities counted as one crossbar: [bit-cycle][padded column] bytes, non-zero where the
  /// first polarity clipped. Null: each array counts its own clipped conversions.
  std::uint8_t* clip_mask = nullptr;
  bool count_clips = true;  ///< false for the first polarity of such a pair
};

/// Runs the read with the fastest kernel of this CPU; returns the number of clipped conversions (physical
/// columns without the unit column). Bit-exact for every CPU. Pure but for the accumulator.
std::uint64_t read_array(const ArrayRead& read, const WaveBits& input);

/// The slow, obviously right definition of read_array.
std::uint64_t read_array_reference(const ArrayRead& read, const WaveBits& input);

/// The kernel variants that this CPU can run (best first), and a way to force one in tests and benchmarks.
std::vector<std::string> kernel_variants();
/// Empty name: back to the best. Returns false for an unknown or unsupported name.
bool select_kernel_variant(const std::string& name);
std::string selected_kernel_variant();

}  // namespace squeezebar
