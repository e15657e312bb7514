// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/level_sums.h"

#include <algorithm>
#include <vector>

#include "sim/engine/crossbar/mapping/array_builder.h"

namespace squeezebar {
namespace {

/// Sum of one digit over a column of stored values. Plain enough to be vectorised: this runs over every bit
/// of the network's weights.
std::int64_t digit_sum(std::span<const std::uint16_t> stored, int place, int cell_bits) {
  const auto shift = static_cast<unsigned>(place * cell_bits);
  const auto mask = static_cast<std::uint16_t>((1U << static_cast<unsigned>(cell_bits)) - 1U);
  std::uint32_t sum = 0;
  for (const std::uint16_t value : stored) sum += static_cast<std::uint16_t>(value >> shift) & mask;
  return sum;
}

}  // namespace

std::vector<std::array<std::int64_t, 2>> level_sums(const WeightMatrix& weights, const CrossbarGeometry& g,
                                                    const StoredBlock& block) {
  const bool unit = g.signs == Signs::offset;
  const auto rows = static_cast<std::int64_t>(block.rows.size());
  const int bits = g.weight_bits(weights);
  const std::int64_t least = unit ? rows : 0;
  std::vector<std::array<std::int64_t, 2>> out(static_cast<std::size_t>(g.cells_per_weight(weights)),
                                               {least, least});
  std::vector<std::uint16_t> stored(block.rows.size());
  for (int channel = 0; channel < block.channels; ++channel) {
    for (const bool negative : {false, true}) {
      if (unit && negative) continue;
      std::uint16_t any = 0;
      for (std::size_t r = 0; r < stored.size(); ++r) {
        const int weight = weights.at(block.rows[r], block.first_channel + channel);
        const int shift = block.row_shift.empty() ? 0 : block.row_shift[r];
        stored[r] = static_cast<std::uint16_t>(stored_value(weight, negative, g, bits) >> shift);
        any |= stored[r];
      }
      if (any == 0) continue;
      for (std::size_t place = 0; place < out.size(); ++place) {
        std::int64_t sum = digit_sum(stored, static_cast<int>(place), g.cell_bits);
        // A column that is stored inverted (ArrayBuilder flips those over half of their level sum).
        const std::int64_t full = rows * g.full_level();
        if (g.flip_encoding && unit && 2 * sum > full) sum = full - sum;
        std::int64_t& largest = out[place][negative ? 1 : 0];
        largest = std::max(largest, sum);
      }
    }
  }
  return out;
}

void count_arrays(const std::array<std::int64_t, 2>& sums, const CrossbarGeometry& g, bool keep_empty,
                  LevelSumCounts& counts) {
  const auto add = [&](std::int64_t sum) {
    if (sum > 0 || keep_empty) ++counts[sum];
  };
  const auto [positive, negative] = sums;
  if (g.signs != Signs::differential) {
    add(std::max(positive, negative));
    return;
  }
  add(positive);
  add(negative);
}

}  // namespace squeezebar
