// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include <rapidcheck.h>

#include "sim/engine/crossbar/adc/adc_resolution.h"
#include "sim/engine/crossbar/mapping/tile_levels.h"
#include "tests/law/crossbar_case.h"

// Laws of ADC resolutions that are chosen for each crossbar, and of the bits that D.U.B. (Ibrayev et al.,
// arXiv 2403.13082) counts.

namespace squeezebar::test {
namespace {

TEST_CASE("ADCs of the bits that their crossbars need lose nothing", "[law][numerics]") {
  int narrow = 0;
  for_each_case(150, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::clip);
    const Result wanted = run(c);
    const auto model = Registry<AdcModel>::instance().create("linear");
    for (MappedGroup& group : c.groups) {
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        const std::int64_t bound = group.converted_level_sum(a) * c.geometry.full_drive();
        const int bits = squeezebar::lossless_bits(bound);
        narrow += bits < lossless_bits(c);
        group.program.arrays[a].adc = model->transfer(bits, AdcRange::clip, bound);
      }
    }
    const Result result = run(c);
    CHECK(result.codes == wanted.codes);
    CHECK(result.activity == wanted.activity);
    CHECK(result.codes == reference_codes(c));
  });
  CHECK(narrow > 1000);
}

/// Ones in each column of a random mask, sparse or dense.
std::vector<int> random_columns(int rows) {
  const int most = *rc::gen::element(0, 1, 2, rows / 4, rows / 2, rows - 1, rows);
  return *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(*rc::gen::inRange(1, 40)),
                                               rc::gen::inRange(0, std::min(most, rows) + 1));
}

/// log2(rows) - k for the largest k at which every column has at most rows / 2^k ones, 0 with at most one.
int bits_by_level(const std::vector<int>& ones, int log2_rows) {
  const auto all = [&](auto holds) { return std::all_of(ones.begin(), ones.end(), holds); };
  if (all([](int n) { return n <= 1; })) return 0;
  int k = 0;
  while (all([&](int n) { return n <= (1 << log2_rows) >> (k + 1); })) ++k;
  return log2_rows - k;
}

TEST_CASE("the bits of D.U.B. are those of its levels", "[law][adc]") {
  CHECK(rc::check([] {
    const int log2_rows = *rc::gen::inRange(1, 11);
    const std::vector<int> ones = random_columns(1 << log2_rows);
    const int fullest = *std::max_element(ones.begin(), ones.end());
    RC_ASSERT(dub_bits(fullest) == bits_by_level(ones, log2_rows));
    // One bit less than the sums need where a column is as full as a power of two, else the same.
    const bool power = fullest > 0 && (fullest & (fullest - 1)) == 0;
    RC_ASSERT(dub_bits(fullest) == (fullest <= 1 ? 0 : squeezebar::lossless_bits(fullest) - (power ? 1 : 0)));
    RC_ASSERT(squeezebar::lossless_bits(fullest) >= 1);
  }));
}

TEST_CASE("tiles of random masks are at the level of their fullest column", "[law][adc]") {
  CHECK(rc::check([] {
    const int log2_rows = *rc::gen::inRange(1, 8);
    const int rows = 1 << log2_rows;
    const std::vector<int> ones = random_columns(rows);
    WeightMatrix weights{rows, static_cast<int>(ones.size()), 1, {}};
    for (const int n : ones) {
      std::vector<std::int16_t> column(static_cast<std::size_t>(rows), 0);
      std::fill(column.begin(), column.begin() + n, std::int16_t{-1});
      weights.values.insert(weights.values.end(), column.begin(), column.end());
    }
    const WeightTiles tiles = count_tiles(weights, rows, weights.columns);
    const int bits = bits_by_level(ones, log2_rows);
    RC_ASSERT(tiles.tiles() == 1);
    RC_ASSERT(tiles.dub_bits == bits);
    RC_ASSERT(tiles.full_bits == log2_rows);
    if (bits > 0) RC_ASSERT(tiles.levels[static_cast<std::size_t>(log2_rows - bits)] == 1);
  }));
}

TEST_CASE("published histograms of tiles give the published factors", "[law][adc]") {
  // VGG11 on CIFAR-10 with tiles of 32, and ResNet-18 on ImageNet with tiles of 64, from the authors' logs.
  const auto factor = [](std::vector<std::int64_t> levels, int log2_rows) {
    WeightTiles tiles;
    for (std::size_t k = 0; k < levels.size(); ++k) {
      tiles.full_bits += levels[k] * log2_rows;
      tiles.dub_bits += levels[k] * std::max(0, log2_rows - static_cast<int>(k));
    }
    return tiles.linear().value();
  };
  CHECK(factor({61, 646, 827, 86, 767, 5481, 1134}, 5) == Approx(45010.0 / 6309.0));
  CHECK(factor({6, 1964, 757}, 6) == Approx(16362.0 / 12884.0));
}

}  // namespace
}  // namespace squeezebar::test
