// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include "sim/engine/crossbar/kernels/wave_kernels.h"
#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

/// Bit b of a 16-bit code, zero above.
int bit_of(std::uint16_t code, int b) { return b < 16 ? (code >> b) & 1 : 0; }

TEST_CASE("inputs are sliced bit by bit, with every kernel variant") {
  CHECK(rc::check("random codes", [] {
    const std::vector<std::string> variants = kernel_variants();
    const std::string variant = variants[*rc::gen::inRange<std::size_t>(0, variants.size())];
    RC_ASSERT(select_kernel_variant(variant));
    RC_LOG() << variant;
    const int rows = *rc::gen::inRange(1, 300);
    const int dac_bits = *rc::gen::inRange(1, 5);
    const int cycles = *rc::gen::inRange(1, static_cast<int>(kMaxInputBits) / dac_bits + 1);
    const int density = *rc::gen::inRange(0, 101);
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(rows));
    for (auto& code : codes) {
      if (random.chance(density)) code = static_cast<std::uint16_t>(random.bits());
    }

    WaveBits out;
    slice_input(codes, {dac_bits, cycles}, out);
    for (int t = 0; t < cycles; ++t) {
      std::vector<unsigned> drives(codes.size());
      for (int d = 0; d < dac_bits; ++d) {
        const int b = t * dac_bits + d;
        std::vector<int> driven(codes.size() + kRowsPerNibble);
        int last = -1;
        for (const DrivenNibble& nibble : out.bit(b)) {
          RC_ASSERT(nibble.bits() != 0);
          RC_ASSERT(static_cast<int>(nibble.nibble()) > last);
          last = static_cast<int>(nibble.nibble());
          for (std::size_t i = 0; i < kRowsPerNibble; ++i) {
            const std::size_t row = nibble.nibble() * kRowsPerNibble + i;
            RC_ASSERT(row < driven.size());
            driven[row] = (nibble.bits() >> i) & 1;
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
  select_kernel_variant("");
}

TEST_CASE("a result is overwritten, not added to") {
  WaveBits out;
  slice_input(std::vector<std::uint16_t>(40, 0xFFFF), {2, 8}, out);
  slice_input(std::vector<std::uint16_t>{2}, {1, 3}, out);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(out.begin[t + 1] == (t == 0 ? 0 : 1));
    CHECK(out.ones[t] == (t == 1));
    CHECK(out.sums[t] == (t == 1));
  }
  REQUIRE(out.bit(1).size() == 1);
  CHECK(out.bit(1)[0].nibble() == 0);
  CHECK(out.bit(1)[0].bits() == 1);
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
