// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/crossbar_kernel.h"

#include <algorithm>
#include <bit>
#include <vector>

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

namespace {

/// Input bits as 64-row masks.
struct BitPlanes {
  static constexpr int kBits = 16;
  std::vector<std::uint64_t> words;  ///< [bit][64 rows]
  std::size_t words_per_bit = 0;

  [[nodiscard]] std::span<const std::uint64_t> bit(int b) const {
    return {words.data() + static_cast<std::size_t>(b) * words_per_bit, words_per_bit};
  }
};

/// Transposes an 8 x 8 bit matrix: byte b of the result holds bit b of the eight bytes.
std::uint64_t transpose_8x8(std::uint64_t x) {
  std::uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAULL;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCULL;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ULL;
  return x ^ t ^ (t << 28);
}

void slice_bytes(std::span<const std::uint16_t> codes, int first_bit, BitPlanes& planes) {
  for (std::size_t r = 0; r < codes.size(); r += 8) {
    std::uint64_t bytes = 0;
    const std::size_t rows = std::min<std::size_t>(8, codes.size() - r);
    for (std::size_t i = 0; i < rows; ++i) bytes |= std::uint64_t{(codes[r + i] >> first_bit) & 0xFFU} << (8 * i);
    if (bytes == 0) continue;
    const std::uint64_t bits = transpose_8x8(bytes);
    for (std::size_t b = 0; b < 8; ++b) {
      planes.words[(static_cast<std::size_t>(first_bit) + b) * planes.words_per_bit + r / 64] |= (bits >> (8 * b) & 0xFF)
                                                                                                << (r % 64);
    }
  }
}

const BitPlanes& slice_planes(std::span<const std::uint16_t> codes, int bits) {
  thread_local BitPlanes planes;
  planes.words_per_bit = (codes.size() + 63) / 64;
  planes.words.assign(BitPlanes::kBits * planes.words_per_bit, 0);
  slice_bytes(codes, 0, planes);
  if (bits > 8) slice_bytes(codes, 8, planes);
  return planes;
}

/// std::popcount is a library call on the oldest CPUs that are supported.
std::uint32_t count_ones(std::uint64_t x) {
  x -= x >> 1 & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + (x >> 2 & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
  return static_cast<std::uint32_t>(x * 0x0101010101010101ULL >> 56);
}

/// Lists the nibbles of one input bit that drive a row; returns the end of the list.
DrivenNibble* list_driven(std::span<const std::uint64_t> words, DrivenNibble* out) {
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint64_t rest = words[w]; rest != 0;) {
      const int at = std::countr_zero(rest) & ~3;
      *out++ = {static_cast<std::uint16_t>(w * 16 + static_cast<std::size_t>(at / kRowsPerNibble)),
                static_cast<std::uint8_t>(rest >> at & 0xF)};
      rest &= ~(std::uint64_t{0xF} << at);
    }
  }
  return out;
}

}  // namespace

void slice_input(std::span<const std::uint16_t> codes, int dac_bits, int bit_cycles, WaveBits& out) {
  const int bits = dac_bits * bit_cycles;
  const BitPlanes& planes = slice_planes(codes, bits);
  const std::size_t most = static_cast<std::size_t>(bits) * planes.words_per_bit * 16;
  if (out.driven.size() < most) out.driven.resize(most);
  DrivenNibble* const first_driven = out.driven.data();
  DrivenNibble* driven = first_driven;
  for (int t = 0; t < bit_cycles; ++t) {
    // Bits above a code are zero: slicing more bits than a code has is how shifted streams end.
    const int first = t * dac_bits;
    const int last = std::min(first + dac_bits, BitPlanes::kBits);
    for (int b = first; b < first + dac_bits; ++b) {
      out.begin[static_cast<std::size_t>(b)] = static_cast<std::uint32_t>(driven - first_driven);
      if (b < last) driven = list_driven(planes.bit(b), driven);
    }
    std::uint32_t ones = 0;
    std::uint32_t sum = 0;
    for (std::size_t w = 0; w < planes.words_per_bit; ++w) {
      std::uint64_t any = 0;
      for (int b = first; b < last; ++b) {
        const std::uint64_t word = planes.bit(b)[w];
        any |= word;
        sum += count_ones(word) << (b - first);
      }
      ones += dac_bits == 1 ? 0 : count_ones(any);
    }
    out.sums[static_cast<std::size_t>(t)] = sum;
    out.ones[static_cast<std::size_t>(t)] = dac_bits == 1 ? sum : ones;
  }
  out.begin[static_cast<std::size_t>(bits)] = static_cast<std::uint32_t>(driven - first_driven);
}

}  // namespace squeezebar
