// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/crossbar_kernel.h"

#include <bit>

namespace squeezebar {

PackedArray::PackedArray(int rows, int columns, int cell_bits, std::span<const std::uint8_t> levels)
    : rows_(rows),
      columns_(columns),
      cell_bits_(cell_bits),
      padded_columns_((columns + kColumnPadding - 1) / kColumnPadding * kColumnPadding) {
  const auto stride = static_cast<std::size_t>(padded_columns_);
  const auto plane_size = static_cast<std::size_t>(nibbles()) * stride;
  cells_.assign(plane_size * static_cast<std::size_t>(cell_bits), 0);
  for (int r = 0; r < rows; ++r) {
    const auto nibble = static_cast<std::size_t>(r / kRowsPerNibble);
    const int row_bit = r % kRowsPerNibble;
    for (int c = 0; c < columns; ++c) {
      const unsigned level = levels[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                                    static_cast<std::size_t>(c)];
      for (int b = 0; b < cell_bits; ++b) {
        auto& cell = cells_[static_cast<std::size_t>(b) * plane_size + nibble * stride + static_cast<std::size_t>(c)];
        cell = static_cast<std::uint8_t>(cell | (((level >> b) & 1U) << row_bit));
      }
    }
  }
}

void slice_input(std::span<const std::uint16_t> codes, int dac_bits, int bit_cycles, WaveBits& out) {
  const int bits = dac_bits * bit_cycles;
  out.driven.clear();
  out.begin.assign(static_cast<std::size_t>(bits) + 1, 0);
  out.ones.assign(static_cast<std::size_t>(bit_cycles), 0);
  out.sums.assign(static_cast<std::size_t>(bit_cycles), 0);

  // Four rows side by side in one word: bit b of all four is a mask and a multiplication away. Values that are zero in all
  // four rows are frequent after a ReLU, so the nibbles that matter are listed once and then visited bit by bit.
  struct FourRows {
    std::uint64_t codes;
    std::uint16_t nibble;
  };
  thread_local std::vector<FourRows> occupied;
  occupied.clear();
  const std::size_t rows = codes.size();
  std::uint64_t any = 0;
  for (std::size_t r = 0; r < rows; r += kRowsPerNibble) {
    std::uint64_t word = 0;
    const std::size_t end = r + kRowsPerNibble < rows ? r + kRowsPerNibble : rows;
    for (std::size_t i = r; i < end; ++i) word |= std::uint64_t{codes[i]} << (16 * (i - r));
    if (word == 0) continue;
    any |= word;
    occupied.push_back({word, static_cast<std::uint16_t>(r / kRowsPerNibble)});
  }
  constexpr std::uint64_t kLanes = 0x0001000100010001ULL;
  for (int b = 0; b < bits; ++b) {
    out.begin[static_cast<std::size_t>(b)] = static_cast<std::uint32_t>(out.driven.size());
    // Bits above the word are zero-extended; slicing more bits than a code has is how shifted streams end.
    if (b >= 16 || ((any >> b) & kLanes) == 0) continue;
    std::uint32_t ones = 0;
    for (const FourRows& four : occupied) {
      const std::uint64_t lanes = (four.codes >> b) & kLanes;
      if (lanes == 0) continue;
      // Moves bits 0, 16, 32 and 48 to bits 48 to 51.
      const auto nibble = static_cast<std::uint8_t>((lanes * 0x0001000200040008ULL) >> 48 & 0xF);
      out.driven.push_back({four.nibble, nibble});
      ones += static_cast<std::uint32_t>(std::popcount(nibble));
    }
    out.sums[static_cast<std::size_t>(b / dac_bits)] += ones << (b % dac_bits);
    if (dac_bits == 1) out.ones[static_cast<std::size_t>(b)] = ones;
  }
  out.begin[static_cast<std::size_t>(bits)] = static_cast<std::uint32_t>(out.driven.size());
  if (dac_bits == 1) return;
  const unsigned mask = (1U << dac_bits) - 1U;
  for (int t = 0; t < bit_cycles; ++t) {
    std::uint32_t ones = 0;
    for (const std::uint16_t code : codes) ones += t * dac_bits < 16 && ((code >> (t * dac_bits)) & mask) != 0;
    out.ones[static_cast<std::size_t>(t)] = ones;
  }
}

}  // namespace squeezebar
