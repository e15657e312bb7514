// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/accumulator_bound.h"

#include <limits>

#include "models/adc/adc.h"

namespace squeezebar {
namespace {

__extension__ using Wide = __int128;

Wide power_of_two(int exponent) { return Wide{1} << exponent; }

/// What a row adds at most for an input of one: stored levels, and with offset the unit column.
Wide largest_weight(const CrossbarGeometry& g, const WeightMatrix& weights) {
  const Wide levels = power_of_two(g.cells_per_weight(weights) * g.cell_bits) - 1;
  if (g.signs != Signs::offset) return levels;
  // A flipped column adds the unit's code beside its own.
  return (g.flip_encoding ? 2 : 1) * levels + power_of_two(weights.magnitude_bits);
}

}  // namespace

std::optional<std::int64_t> accumulator_bound(const Config& config, const CrossbarGeometry& g,
                                              const WeightMatrix& weights, const Quantisation& input) {
  Wide rows = weights.rows;
  if (config.get<AdcParams>().range != AdcRange::clip) {
    // A code times a step of k/256 exceeds its sum by k/512 at most, which is half the largest sum of a full
    // crossbar: twice that sum bounds it. Operation units are twice the rows, if the last one is nearly
    // empty.
    rows = (rows + g.rows - 1) / g.rows * g.rows * 4;
  }
  // Where rows are squeezed, weights have as many bits less as inputs have more.
  const Wide sum = rows * largest_weight(g, weights) * (power_of_two(input.bits) - 1);
  const Wide bound = 256 * (sum + power_of_two(31));
  if (bound > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(bound);
}

}  // namespace squeezebar
