// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/engine/crossbar/mapping/plane_analysis.h"
#include "sim/engine/crossbar/mapping/squeeze_options.h"

namespace squeezebar {

/// One row group under one squeeze degree: what it takes and what it loses.
struct SqueezedGroup {
  int degree = 0;
  int shift_bits = 0;     ///< of the row that moves furthest
  int bit_cycles = 0;     ///< length T_g of the input stream
  int arrays = 0;         ///< allocated, as they count
  unsigned positive = 0;  ///< stored magnitudes of each polarity, or-ed together
  unsigned negative = 0;  ///<
  WeightError error;

  [[nodiscard]] std::int64_t cost() const { return std::int64_t{arrays} * bit_cycles; }
};

/// Planes by which a row moves down in a group squeezed by `degree` (d_r).
int moved_planes(int first_plane, int degree, SqueezeMode mode);

/// Arrays that the digit position `digit` (0 = least significant) of a group takes.
int arrays_of_digit(const SqueezedGroup& group, int digit, const CrossbarGeometry& geometry);

/// The row group of these rows and this column block, squeezed by `degree`.
SqueezedGroup squeeze_group(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                            int column_block, int degree, SqueezeMode mode, int activation_bits);

/// The same by the degree that the policy chooses for it.
SqueezedGroup choose_squeeze(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                             int column_block, const SqueezeOptions& options, int activation_bits);

/// By how many bits each row of the squeezed group moves; empty if none does.
std::vector<std::uint8_t> row_shifts(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                                     int column_block, const SqueezedGroup& group, SqueezeMode mode);

/// Size of the row conversion mask register of one squeezed group (SME, section IV-B), in bits.
std::int64_t row_mask_bits(std::size_t rows, const SqueezedGroup& group, SqueezeMode mode);

/// Throws std::invalid_argument when the layer cannot be squeezed so.
void require_squeezable(const PlaneAnalysis& analysis, const SqueezeOptions& options);

}  // namespace squeezebar
