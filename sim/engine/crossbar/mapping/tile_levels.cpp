// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/tile_levels.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace squeezebar {
namespace {

int log2_of(int power) { return static_cast<int>(std::bit_width(static_cast<unsigned>(power))) - 1; }

/// Most weights in a part of a column, over the columns of a tile.
int fullest_column(const WeightMatrix& weights, int first_row, int last_row, int first_column,
                   int last_column) {
  int fullest = 0;
  for (int c = first_column; c < last_column; ++c) {
    const auto column = weights.values.begin() + std::ptrdiff_t{c} * weights.rows;
    const auto zeros = std::count(column + first_row, column + last_row, 0);
    fullest = std::max(fullest, last_row - first_row - static_cast<int>(zeros));
  }
  return fullest;
}

void add_tile(int fullest, int height, int rows, WeightTiles& out) {
  const int full = log2_of(rows);
  const int level = tile_level(fullest, height, rows);
  const int dub = fullest <= 1 ? 0 : std::max(0, full - level);
  ++out.levels[static_cast<std::size_t>(level)];
  out.full_bits += full;
  out.dub_bits += dub;
  out.full_steps += rows;
  out.dub_steps += dub == 0 ? 0 : std::int64_t{1} << dub;
  out.full_exact_bits += full + 1;
  out.exact_bits += std::bit_width(static_cast<unsigned>(fullest));
}

}  // namespace

int tile_level(int weights, int height, int rows) {
  const int last = log2_of(rows) + 1;
  int level = 0;
  while (level < last && std::int64_t{weights} << (level + 1) <= height) ++level;
  return level;
}

WeightTiles count_tiles(const WeightMatrix& weights, int rows, int columns) {
  if (rows < 1 || !std::has_single_bit(static_cast<unsigned>(rows)))
    throw std::invalid_argument("the rows of a tile must be a power of two");
  WeightTiles out;
  out.levels.resize(static_cast<std::size_t>(log2_of(rows)) + 2);
  for (int row = 0; row < weights.rows; row += rows) {
    const int last_row = std::min(weights.rows, row + rows);
    for (int column = 0; column < weights.columns; column += columns) {
      const int fullest =
          fullest_column(weights, row, last_row, column, std::min(weights.columns, column + columns));
      add_tile(fullest, last_row - row, rows, out);
    }
  }
  return out;
}

}  // namespace squeezebar
