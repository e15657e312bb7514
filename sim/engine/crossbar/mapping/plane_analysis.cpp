// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/plane_analysis.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "sim/engine/crossbar/mapping/block_grid.h"

namespace squeezebar {
namespace {

/// Rows that are analysed together, so that their sums stay in the first-level cache.
constexpr std::size_t kStrip = 256;
constexpr std::size_t kMostPlanes = 16;

/// One strip of rows in one column block, column by column.
template <class Sum>
struct Strip {
  std::array<std::uint16_t, kStrip> positive{};
  std::array<std::uint16_t, kStrip> negative{};
  std::array<std::uint16_t, kStrip> magnitude{};
  std::array<std::array<Sum, kStrip>, kMostPlanes> errors{};

  void add_column(const std::int16_t* column, std::size_t rows, int planes, int cell_bits) {
    for (std::size_t r = 0; r < rows; ++r) {
      const int w = column[r];
      positive[r] = static_cast<std::uint16_t>(positive[r] | std::max(w, 0));
      negative[r] = static_cast<std::uint16_t>(negative[r] | std::max(-w, 0));
      magnitude[r] = static_cast<std::uint16_t>(std::abs(w));
    }
    for (int moved = 1; moved <= planes; ++moved) {
      const auto lost_bits = static_cast<std::uint16_t>((1U << (moved * cell_bits)) - 1U);
      auto& sums = errors[static_cast<std::size_t>(moved) - 1];
      for (std::size_t r = 0; r < rows; ++r) {
        const auto lost = static_cast<std::uint32_t>(magnitude[r] & lost_bits);
        sums[r] += Sum{lost * lost};
      }
    }
  }
};

}  // namespace

PlaneAnalysis::PlaneAnalysis(const WeightMatrix& weights, const CrossbarGeometry& geometry)
    : geometry_(geometry),
      rows_(weights.rows),
      row_blocks_(ceil_div(weights.rows, geometry.rows)),
      column_blocks_(ceil_div(weights.columns, geometry.columns)),
      planes_(geometry.cells_per_weight(weights)) {
  const std::size_t size = static_cast<std::size_t>(column_blocks_) * static_cast<std::size_t>(rows_);
  positive_.resize(size);
  negative_.resize(size);
  errors_.assign(static_cast<std::size_t>(planes_), std::vector<std::int64_t>(size));
  const std::uint64_t largest = (std::uint64_t{1} << weights.magnitude_bits) - 1;
  const auto columns = static_cast<std::uint64_t>(std::min(weights.columns, geometry.columns));
  if (largest * largest * columns >> 32U == 0) {
    analyse<std::uint32_t>(weights);
  } else {
    analyse<std::uint64_t>(weights);
  }
}

template <class Sum>
void PlaneAnalysis::analyse(const WeightMatrix& weights) {
  const auto all_rows = static_cast<std::size_t>(rows_);
  Strip<Sum> strip;
  for (int block = 0; block < column_blocks_; ++block) {
    const int last_column = std::min(weights.columns, (block + 1) * geometry_.columns);
    for (std::size_t first = 0; first < all_rows; first += kStrip) {
      const std::size_t rows = std::min(kStrip, all_rows - first);
      strip = {};
      for (int column = block * geometry_.columns; column < last_column; ++column) {
        strip.add_column(weights.values.data() + static_cast<std::size_t>(column) * all_rows + first, rows,
                         planes_, geometry_.cell_bits);
      }
      const auto to = static_cast<std::ptrdiff_t>(at(block, static_cast<int>(first)));
      std::copy_n(strip.positive.begin(), rows, positive_.begin() + to);
      std::copy_n(strip.negative.begin(), rows, negative_.begin() + to);
      for (std::size_t moved = 0; moved < errors_.size(); ++moved)
        std::copy_n(strip.errors[moved].begin(), rows, errors_[moved].begin() + to);
    }
  }
}

int PlaneAnalysis::plane_of(unsigned bits) const {
  if (bits == 0) return empty_plane();
  return planes_ - (static_cast<int>(std::bit_width(bits)) - 1) / geometry_.cell_bits;
}

int PlaneAnalysis::first_plane(int column_block, int row) const {
  return plane_of(bits(column_block, row, false) | bits(column_block, row, true));
}

int PlaneAnalysis::first_plane(int row) const {
  unsigned all = 0;
  for (int block = 0; block < column_blocks_; ++block)
    all |= bits(block, row, false) | bits(block, row, true);
  return plane_of(all);
}

}  // namespace squeezebar
