// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace squeezebar {

/// Channels are padded to a multiple of this: two vectors of the widest kind.
inline constexpr std::size_t kExactPadding = 32;

/// What the arrays of a row group add up to where their ADCs give every sum as it is: one matrix product,
/// because slicing bits and splicing them again changes nothing then. Immutable once packed.
class ExactProduct {
 public:
  ExactProduct(std::size_t rows, std::size_t channels)
      : rows_(rows), channels_(channels), weights_(rows * channels) {}

  /// Row-major; what all arrays together hold for a row and a channel.
  [[nodiscard]] std::int64_t& weight(std::size_t row, std::size_t channel) {
    return weights_[row * channels_ + channel];
  }

  /// Makes run() possible. False where a weight, or a sum of inputs up to `largest_input`, is too large for
  /// the kernel; then this object is of no use.
  bool pack(std::int64_t largest_input);

  /// Adds 256 x product to the sums of the row group's channels. `inputs` has an entry for each row and, if
  /// their number is odd, a zero.
  void run(std::span<const std::int16_t> inputs, std::span<std::int64_t> sums) const;

 private:
  std::size_t rows_;
  std::size_t channels_;
  std::size_t padded_channels_ = 0;
  std::vector<std::int64_t> weights_;  ///< until packed
  std::vector<std::int16_t> pairs_;    ///< [two rows][padded channel][row of the two]
};

}  // namespace squeezebar
