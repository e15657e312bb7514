// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include "sim/numerics/crossbar_kernel.h"
#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

/// Bit b of a 16-bit code, zero above.
int bit_of(std::uint16_t code, int b) { return b < 16 ? (code >> b) & 1 : 0; }

TEST_CASE("inputs are sliced bit by bit") {
  CHECK(rc::check("random codes", [] {
    const int rows = *rc::gen::inRange(1, 300);
    const int dac_bits = *rc::gen::inRange(1, 5);
    const int cycles = *rc::gen::inRange(1, 20);
    const int density = *rc::gen::inRange(0, 101);
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(rows));
    for (auto& code : codes) {
      if (random.chance(density)) code = static_cast<std::uint16_t>(random.bits());
    }

    WaveBits out;
    slice_input(codes, dac_bits, cycles, out);
    RC_ASSERT(out.begin.size() == static_cast<std::size_t>(cycles * dac_bits) + 1);
    for (int t = 0; t < cycles; ++t) {
      std::vector<unsigned> drives(codes.size());
      for (int d = 0; d < dac_bits; ++d) {
        const int b = t * dac_bits + d;
        std::vector<int> driven(codes.size() + kRowsPerNibble);
        int last = -1;
        for (const DrivenNibble& nibble : out.bit(b)) {
          RC_ASSERT(nibble.bits != 0);
          RC_ASSERT(int{nibble.nibble} > last);
          last = nibble.nibble;
          for (std::size_t i = 0; i < kRowsPerNibble; ++i) {
            const std::size_t row = std::size_t{nibble.nibble} * kRowsPerNibble + i;
            RC_ASSERT(row < driven.size());
            driven[row] = (nibble.bits >> i) & 1;
          }
        }
        for (std::size_t r = 0; r < codes.size(); ++r) {
          RC_ASSERT(driven[r] == bit_of(codes[r], b));
          drives[r] |= static_cast<unsigned>(driven[r]) << d;
        }
      }
      std::uint32_t ones = 0;
      std::uint32_t sum = 0;
      for (const unsigned drive : drives) {
        ones += drive != 0;
        sum += drive;
      }
      RC_ASSERT(out.ones[static_cast<std::size_t>(t)] == ones);
      RC_ASSERT(out.sums[static_cast<std::size_t>(t)] == sum);
    }
  }));
}

TEST_CASE("a result is overwritten, not added to") {
  WaveBits out;
  slice_input(std::vector<std::uint16_t>(40, 0xFFFF), 2, 8, out);
  slice_input(std::vector<std::uint16_t>{2}, 1, 3, out);
  CHECK(out.begin == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(out.ones == std::vector<std::uint32_t>{0, 1, 0});
  CHECK(out.sums == std::vector<std::uint32_t>{0, 1, 0});
  REQUIRE(out.driven.size() == 1);
  CHECK(out.driven[0].nibble == 0);
  CHECK(out.driven[0].bits == 1);
}

TEST_CASE("cells are packed by bit, nibble of rows and padded column") {
  const std::vector<std::uint8_t> levels{3, 0, 1, 2, 1, 0, 0, 3, 2, 2};  // 5 rows x 2 columns
  const PackedArray array(5, 2, 2, levels);
  CHECK(array.nibbles() == 2);
  CHECK(array.padded_columns() == kColumnPadding);
  CHECK(array.plane(0)[0] == 0b0111);
  CHECK(array.plane(0)[1] == 0b1000);
  CHECK(array.plane(1)[0] == 0b0001);
  CHECK(array.plane(1)[1] == 0b1010);
  CHECK(array.plane(1)[kColumnPadding] == 0b0001);
  CHECK(array.plane(0)[kColumnPadding] == 0);
  CHECK(array.plane(0)[2] == 0);
}

}  // namespace
}  // namespace squeezebar::test
