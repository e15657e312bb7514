// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/engine/crossbar/kernels/operation_units.h"

namespace squeezebar {
namespace {

/// Reads a bit-cycle at a time with a converter that changes nothing: the kernels need no hook.
void count_array(const ProgrammedArray& array, const WaveBits& bits, int dac_bits, int bit_cycles,
                 std::vector<std::int32_t>& accumulator, SumHistogram& sums) {
  const auto columns = static_cast<std::size_t>(array.cells.columns());
  for (int t = 0; t < bit_cycles; ++t) {
    accumulator.assign(static_cast<std::size_t>(array.cells.padded_columns()), 0);
    read_array({.cells = &array.cells,
                .adc = {.max_code = static_cast<std::int32_t>(kMaxColumnSum)},
                .dac_bits = dac_bits,
                .first_cycle = t,
                .last_cycle = t + 1,
                .accumulator = accumulator.data()},
               bits);
    for (std::size_t c = 0; c < columns; ++c) ++sums[static_cast<std::size_t>(accumulator[c])];
    if (array.unit_column) ++sums[bits.sums[static_cast<std::size_t>(t)]];
  }
}

}  // namespace

void CrossbarLayer::count_sums(std::size_t group, std::span<const std::uint16_t> padded,
                               std::span<SumHistogram> sums) const {
  if (operation_units_[group]) {
    count_unit_sums(group, padded, sums);
    return;
  }
  const std::vector<ProgrammedArray>& arrays = groups_[group]->arrays;
  std::vector<WaveBits> bits(kTile);
  std::vector<std::int32_t> accumulator;
  for (int first = 0; first < waves(); first += kTile) {
    const auto tile = std::span(bits).first(static_cast<std::size_t>(std::min(kTile, waves() - first)));
    slice(group, padded, first, tile);
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      if (sums[a].empty() || (arrays[a].blank && !arrays[a].unit_column)) continue;
      for (const WaveBits& wave : tile)
        count_array(arrays[a], wave, dac_bits_, bit_cycles(group), accumulator, sums[a]);
    }
  }
}

void CrossbarLayer::count_unit_sums(std::size_t index, std::span<const std::uint16_t> padded,
                                    std::span<SumHistogram> sums) const {
  const RowGroupProgram& group = *groups_[index];
  const std::size_t rows = group.rows.size();
  std::vector<std::uint16_t> codes(rows * static_cast<std::size_t>(waves()));
  for (int wave = 0; wave < waves(); ++wave) {
    gather(streams_[stream_of_[index]], padded, wave,
           std::span(codes).subspan(static_cast<std::size_t>(wave) * rows, rows));
  }
  for (std::size_t a = 0; a < group.arrays.size(); ++a) {
    if (!sums[a].empty()) operation_units_[index]->count_sums(group, a, codes, sums[a]);
  }
}

}  // namespace squeezebar
