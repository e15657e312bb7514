// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {

/// What counting the crossbars of bit_sliced needs to know about a layer's weights, found in one pass over
/// them: for every row of every column block which bits are in use, by polarity, and how much is lost when
/// the row's magnitudes are moved down by any number of planes. Everything about squeezing and grouping
/// follows from it without looking at a weight again.
///
/// A plane is a digit position of cell_bits bits. Planes are numbered from 1, the most significant.
class PlaneAnalysis {
 public:
  PlaneAnalysis(const WeightMatrix& weights, const CrossbarGeometry& geometry);

  [[nodiscard]] const CrossbarGeometry& geometry() const { return geometry_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] int row_blocks() const { return row_blocks_; }
  [[nodiscard]] int column_blocks() const { return column_blocks_; }
  [[nodiscard]] int planes() const { return planes_; }

  /// The magnitudes of one polarity in a row of a column block, or-ed together.
  [[nodiscard]] unsigned bits(int column_block, int row, bool negative) const {
    return (negative ? negative_ : positive_)[at(column_block, row)];
  }
  /// First non-empty plane of a row in a column block; empty_plane() for a row of zeros.
  [[nodiscard]] int first_plane(int column_block, int row) const;
  /// The same over all columns of the layer.
  [[nodiscard]] int first_plane(int row) const;
  /// Stands for "no plane": behind the last plane, however far the planes are moved.
  [[nodiscard]] int empty_plane() const { return 2 * planes_; }

  /// Sum of (|w| - ((|w| >> s) << s))^2 over a row of a column block, s = moved planes x cell bits; with all
  /// planes moved out: the sum of w^2.
  [[nodiscard]] std::int64_t squared_error(int column_block, int row, int moved) const {
    if (moved == 0) return 0;
    return errors_[static_cast<std::size_t>(moved < planes_ ? moved : planes_) - 1][at(column_block, row)];
  }
  [[nodiscard]] std::int64_t squared_weight(int column_block, int row) const {
    return squared_error(column_block, row, planes_);
  }

 private:
  [[nodiscard]] std::size_t at(int column_block, int row) const {
    return static_cast<std::size_t>(column_block) * static_cast<std::size_t>(rows_) +
           static_cast<std::size_t>(row);
  }
  [[nodiscard]] int plane_of(unsigned bits) const;
  template <class Sum>
  void analyse(const WeightMatrix& weights);

  CrossbarGeometry geometry_;
  int rows_;
  int row_blocks_;
  int column_blocks_;
  int planes_;
  std::vector<std::uint16_t> positive_;            ///< [column block][row]
  std::vector<std::uint16_t> negative_;            ///< [column block][row]
  std::vector<std::vector<std::int64_t>> errors_;  ///< [moved planes - 1][column block][row]
};

}  // namespace squeezebar
