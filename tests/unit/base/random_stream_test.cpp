// SPDX-License-Identifier: Apache-2.0
#include "sim/base/random_stream.h"

#include <bit>
#include <set>

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

TEST_CASE("Philox gives the known answers of its authors") {
  // kat_vectors of Random123 1.14, philox4x32 with 10 rounds.
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == RandomBlock{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
  constexpr std::uint32_t kOnes = 0xFFFFFFFF;
  CHECK(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
        RandomBlock{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
  CHECK(philox4x32({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}) ==
        RandomBlock{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});
}

TEST_CASE("streams with other seeds or names share no block") {
  std::set<RandomBlock> seen;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
    for (const char* name : {"", "a", "b", "ab", "ba"}) {
      for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32})
        seen.insert(RandomStream(seed, name).block(index));
    }
  }
  CHECK(seen.size() == 45);
}

TEST_CASE("a combined seed changes with either part") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 20; ++a) {
    for (std::uint64_t b = 0; b < 20; ++b) seen.insert(combine_seeds(a, b));
  }
  CHECK(seen.size() == 400);
}

}  // namespace
}  // namespace squeezebar::test
