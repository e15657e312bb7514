// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/engine/crossbar/kernels/crossbar_kernel.h"

namespace squeezebar {
namespace {

int drive_value(const WaveBits& input, int dac_bits, int cycle, int row) {
  int value = 0;
  for (int d = 0; d < dac_bits; ++d) {
    for (const DrivenNibble& driven : input.bit(cycle * dac_bits + d)) {
      if (static_cast<int>(driven.nibble()) != row / kRowsPerNibble) continue;
      value |= (static_cast<int>(driven.bits()) >> (row % kRowsPerNibble) & 1) << d;
    }
  }
  return value;
}

}  // namespace

std::uint64_t read_array_reference(const ArrayRead& read, const WaveBits& input) {
  const PackedArray& array = *read.cells;
  std::uint64_t clipped = 0;
  for (int t = read.first_cycle; t < read.last_cycle; ++t) {
    for (int c = 0; c < array.columns(); ++c) {
      std::int64_t sum = 0;
      for (int r = 0; r < array.rows(); ++r) {
        sum += std::int64_t{drive_value(input, read.dac_bits, t, r)} * array.level(r, c);
      }
      const std::int64_t raw = read.adc.unsaturated(sum);
      const bool clips = raw > read.adc.max_code;
      const std::int64_t code = std::min<std::int64_t>(raw, read.adc.max_code);
      const std::int64_t shifted = code << (read.shift + (t - read.first_cycle) * read.dac_bits);
      const bool subtract = read.negative != (t == read.negative_cycle);
      read.accumulator[c] += static_cast<std::int32_t>(subtract ? -shifted : shifted);

      bool counted = clips;
      if (read.clip_mask != nullptr) {
        std::uint8_t& mark = read.clip_mask[t * array.padded_columns() + c];
        counted = clips || mark != 0;
        mark = counted ? 0xFF : 0;
      }
      clipped += read.count_clips && counted;
    }
  }
  return clipped;
}

}  // namespace squeezebar
