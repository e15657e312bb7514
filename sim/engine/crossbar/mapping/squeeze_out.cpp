// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/squeeze_out.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/engine/crossbar/mapping/array_builder.h"
#include "sim/engine/crossbar/mapping/block_grid.h"

// Bit-wise squeeze-out (SME, arXiv 2103.01705, section III-C): rows that hold something in the top planes of
// a row group move down until those planes are empty and their crossbars are free; their inputs are shifted
// up by as much, so the group's input stream grows. What falls out below the last plane is lost.

namespace squeezebar {

int moved_planes(int first_plane, int degree, SqueezeMode mode) {
  if (first_plane > degree) return 0;
  return mode == SqueezeMode::mask ? degree : degree + 1 - first_plane;
}

int arrays_of_digit(const SqueezedGroup& group, int digit, const CrossbarGeometry& geometry) {
  if (geometry.signs == Signs::offset) return 1;  // the unit column is never empty
  const auto holds = [&](unsigned bits) {
    return squeezebar::digit(static_cast<int>(bits), digit, geometry.cell_bits) != 0;
  };
  const bool positive = holds(group.positive);
  const bool negative = holds(group.negative);
  return geometry.signs == Signs::magnitude ? int{positive || negative} : int{positive} + int{negative};
}

SqueezedGroup squeeze_group(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                            int column_block, int degree, SqueezeMode mode, int activation_bits) {
  const CrossbarGeometry& g = analysis.geometry();
  SqueezedGroup out;
  for (const std::int32_t row : rows) {
    const int moved = degree == 0 ? 0 : moved_planes(analysis.first_plane(column_block, row), degree, mode);
    const int shift = moved * g.cell_bits;
    out.positive |= analysis.bits(column_block, row, false) >> static_cast<unsigned>(shift);
    out.negative |= analysis.bits(column_block, row, true) >> static_cast<unsigned>(shift);
    out.shift_bits = std::max(out.shift_bits, shift);
    out.error.squared_error += analysis.squared_error(column_block, row, moved);
    out.error.squared_weight += analysis.squared_weight(column_block, row);
  }
  out.degree = out.shift_bits == 0 ? 0 : degree;
  out.bit_cycles = ceil_div(activation_bits + out.shift_bits, g.dac_bits);
  for (int digit = 0; digit < analysis.planes(); ++digit) out.arrays += arrays_of_digit(out, digit, g);
  return out;
}

SqueezedGroup choose_squeeze(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                             int column_block, const SqueezeOptions& options, int activation_bits) {
  const auto squeezed_by = [&](int degree) {
    return squeeze_group(analysis, rows, column_block, degree, options.mode, activation_bits);
  };
  const int degree = options.wanted_degree();
  if (options.policy == SqueezePolicy::off || options.policy == SqueezePolicy::all)
    return squeezed_by(degree);
  // A squeeze can refill planes that were empty, so it may take more crossbars than it frees.
  const SqueezedGroup before = squeezed_by(0);
  if (options.policy == SqueezePolicy::winning) {
    const SqueezedGroup after = squeezed_by(degree);
    return after.arrays <= before.arrays && after.cost() < before.cost() ? after : before;
  }
  SqueezedGroup best = before;
  for (int d = 1; d <= degree; ++d) {
    const SqueezedGroup after = squeezed_by(d);
    const bool allowed = after.arrays <= before.arrays && after.error.relative() <= options.error_cap;
    if (allowed && after.cost() < best.cost()) best = after;
  }
  return best;
}

std::vector<std::uint8_t> row_shifts(const PlaneAnalysis& analysis, std::span<const std::int32_t> rows,
                                     int column_block, const SqueezedGroup& group, SqueezeMode mode) {
  if (group.shift_bits == 0) return {};
  std::vector<std::uint8_t> out;
  for (const std::int32_t row : rows) {
    const int moved = moved_planes(analysis.first_plane(column_block, row), group.degree, mode);
    out.push_back(static_cast<std::uint8_t>(moved * analysis.geometry().cell_bits));
  }
  return out;
}

std::int64_t row_mask_bits(std::size_t rows, const SqueezedGroup& group, SqueezeMode mode) {
  if (group.shift_bits == 0) return 0;
  // 0 .. D planes: ceil(log2(D + 1)) bits.
  const int per_row =
      mode == SqueezeMode::mask ? 1 : static_cast<int>(std::bit_width(static_cast<unsigned>(group.degree)));
  return static_cast<std::int64_t>(rows) * per_row;
}

void require_squeezable(const PlaneAnalysis& analysis, const SqueezeOptions& options) {
  if (options.policy == SqueezePolicy::off) return;
  if (analysis.geometry().signs == Signs::offset)
    throw std::invalid_argument("weights with an offset cannot be squeezed out");
  if (options.degree < 0 || options.degree >= analysis.planes()) {
    throw std::invalid_argument(
        fmt::format("cannot squeeze {} of {} planes out", options.degree, analysis.planes()));
  }
}

}  // namespace squeezebar
