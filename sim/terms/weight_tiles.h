// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace squeezebar {

/// Tiles of weight matrices, one cell for each weight, by how full their fullest columns are: the crossbars
/// of D.U.B. (Ibrayev et al., arXiv 2403.13082). At level k every column of a tile holds at most 2^-k of its
/// rows, at the last level nothing.
struct WeightTiles {
  std::vector<std::int64_t> levels;  ///< tiles at level 0 .. log2(rows) + 1
  std::int64_t full_bits = 0;        ///< sums over tiles, of ADC bits: log2(rows)
  std::int64_t dub_bits = 0;         ///< log2(rows) - k, 0 with at most one weight in a column
  std::int64_t full_steps = 0;       ///< the same as powers of two, without tiles of no bits
  std::int64_t dub_steps = 0;
  std::int64_t full_exact_bits = 0;  ///< with every sum told apart: log2(rows) + 1
  std::int64_t exact_bits = 0;       ///< ceil(log2(weights + 1)) of the fullest column

  [[nodiscard]] std::int64_t tiles() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : levels) sum += count;
    return sum;
  }
  /// By what factor the ADCs of all tiles gain against full ones, every tile weighing the same: energy in
  /// proportion to bits as D.U.B. takes it, to 2^bits, or to the bits of exact counting. Nothing if no tile
  /// needs an ADC.
  [[nodiscard]] std::optional<double> linear() const { return ratio(full_bits, dub_bits); }
  [[nodiscard]] std::optional<double> exponential() const { return ratio(full_steps, dub_steps); }
  [[nodiscard]] std::optional<double> exact() const { return ratio(full_exact_bits, exact_bits); }

  WeightTiles& operator+=(const WeightTiles& other) {
    if (levels.size() < other.levels.size()) levels.resize(other.levels.size());
    for (std::size_t k = 0; k < other.levels.size(); ++k) levels[k] += other.levels[k];
    full_bits += other.full_bits;
    dub_bits += other.dub_bits;
    full_steps += other.full_steps;
    dub_steps += other.dub_steps;
    full_exact_bits += other.full_exact_bits;
    exact_bits += other.exact_bits;
    return *this;
  }

 private:
  static std::optional<double> ratio(std::int64_t full, std::int64_t left) {
    if (left == 0) return std::nullopt;
    return static_cast<double>(full) / static_cast<double>(left);
  }
};

}  // namespace squeezebar
