// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/engine/crossbar/mapping/array_builder.h"
#include "tests/catch.h"
#include "tests/program_reading.h"

namespace squeezebar::test {
namespace {

LayerMapping map(const char* scheme, const WeightMatrix& weights, const CrossbarGeometry& g) {
  return Registry<MappingScheme>::instance().create(scheme)->map(weights, g, {"layer", 8});
}

std::vector<int> levels(const ProgrammedArray& array) {
  std::vector<int> out;
  for (int r = 0; r < array.cells.rows(); ++r) {
    for (int c = 0; c < array.cells.columns(); ++c) out.push_back(cell_level(array.cells, r, c));
  }
  return out;
}

std::int64_t largest_sum(const LayerMapping& mapping) {
  std::int64_t out = 0;
  for (const MappedGroup& group : mapping.groups) {
    for (const ArrayFacts& facts : group.facts) out = std::max(out, facts.largest_level_sum);
  }
  return out;
}

TEST_CASE("slicing SME's figure 3 leaves out its two empty crossbars", "[validation]") {
  // SME (arXiv 2103.01705), figure 3: 4-bit weights of two filters on 2x2 crossbars; XB5 and XB8 hold
  // nothing.
  const WeightMatrix weights{4, 2, 4, {10, 4, 6, 4, 12, 1, 2, 6}};
  CrossbarGeometry g;
  g.rows = 2;
  g.columns = 2;
  g.signs = Signs::magnitude;
  const LayerMapping mapping = map("bit_sliced", weights, g);
  REQUIRE(mapping.groups.size() == 2);
  // Arrays come plane by plane, least significant first, each with its (here empty) negative polarity.
  const auto allocated = [&](std::size_t group, int plane) {
    const MappedGroup& m = mapping.groups[group];
    bool out = false;
    for (const ArrayFacts& facts : m.facts)
      out = out || (facts.plane == plane && facts.counted && facts.allocated);
    return out;
  };
  for (int plane = 0; plane < 4; ++plane) CHECK(allocated(0, plane));  // XB4 .. XB1
  CHECK_FALSE(allocated(1, 3));                                        // XB5
  CHECK(allocated(1, 2));
  CHECK(allocated(1, 1));
  CHECK_FALSE(allocated(1, 0));  // XB8
  CHECK(mapping.groups[0].allocated() + mapping.groups[1].allocated() == 6);
  // XB1 (most significant): only row 1 has a bit, in both filters. XB7: rows 3 and 4, bit of value 2.
  CHECK(levels(mapping.groups[0].program.arrays[6]) == std::vector<int>{1, 1, 0, 0});
  CHECK(levels(mapping.groups[1].program.arrays[2]) == std::vector<int>{1, 1, 0, 1});
}

TEST_CASE("conventional mapping puts the digits of a weight side by side, most significant first") {
  const WeightMatrix weights{2, 2, 3, {5, -6, 0, 7}};  // column 0: 5, -6; column 1: 0, 7
  CrossbarGeometry g;
  g.rows = 4;
  g.columns = 7;
  const LayerMapping pair = map("conventional", weights, g);
  REQUIRE(pair.groups.size() == 1);
  REQUIRE(pair.groups[0].program.arrays.size() == 2);
  CHECK(levels(pair.groups[0].program.arrays[0]) == std::vector<int>{1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1});
  CHECK(levels(pair.groups[0].program.arrays[1]) == std::vector<int>{0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0});
  CHECK(pair.groups[0].program.arrays[1].negative);
  CHECK(pair.groups[0].program.arrays[0].targets[0] == ColumnTarget{0, 2, false});
  CHECK(pair.groups[0].program.arrays[0].targets[5] == ColumnTarget{1, 0, false});

  g.signs =
      Signs::offset;  // 5 + 8 = 13, -6 + 8 = 2, 8, 15; four bits, so one weight to a crossbar of 7 columns
  const LayerMapping biased = map("conventional", weights, g);
  REQUIRE(biased.groups.size() == 2);
  CHECK(levels(biased.groups[0].program.arrays[0]) == std::vector<int>{1, 1, 0, 1, 0, 0, 1, 0});
  CHECK(levels(biased.groups[1].program.arrays[0]) == std::vector<int>{1, 0, 0, 0, 1, 1, 1, 1});
  CHECK(biased.groups[0].program.arrays[0].unit_weight == -8);
}

TEST_CASE("bit_sliced with offset corrects once, with the unit of the top plane") {
  const WeightMatrix weights{2, 1, 3, {5, -6}};
  CrossbarGeometry g;
  g.rows = 4;
  g.columns = 4;
  g.cell_bits = 2;
  g.signs = Signs::offset;
  const LayerMapping mapping = map("bit_sliced", weights, g);
  REQUIRE(mapping.groups.size() == 1);
  const auto& arrays = mapping.groups[0].program.arrays;
  REQUIRE(arrays.size() == 2);
  CHECK(arrays[0].unit_weight == 0);
  CHECK(arrays[1].unit_weight == -8);
  CHECK(levels(arrays[0]) == std::vector<int>{1, 2});  // 13 = 3 * 4 + 1, 2 = 0 * 4 + 2
  CHECK(levels(arrays[1]) == std::vector<int>{3, 0});
}

TEST_CASE("a column is flipped beyond half of its full level sum, not at it") {
  CrossbarGeometry g;
  g.rows = 4;
  g.columns = 2;
  g.cell_bits = 2;
  g.signs = Signs::offset;
  g.flip_encoding = true;
  // Offset of 2: weights -1, 0, 1 are stored as 1, 2, 3 of at most 3; half of four rows is 6.
  const auto flipped = [&](std::vector<std::int16_t> column) {
    const LayerMapping mapping = map("conventional", {static_cast<int>(column.size()), 1, 1, column}, g);
    const ProgrammedArray& array = mapping.groups[0].program.arrays[0];
    return std::pair(array.targets[0].flipped, levels(array));
  };
  CHECK(flipped({-1, -1, 0, 0}) == std::pair(false, std::vector<int>{1, 1, 2, 2}));
  CHECK(flipped({-1, -1, 0, 1}) == std::pair(true, std::vector<int>{2, 2, 1, 0}));
  CHECK(flipped({1, 1, 1, 1}) == std::pair(true, std::vector<int>{0, 0, 0, 0}));
  // With three mapped rows half is 4.5: unmapped rows do not count.
  CHECK(flipped({-1, -1, 0}).first == false);
  CHECK(flipped({-1, 0, 0}).first == true);
}

TEST_CASE("two polarities count as one crossbar with magnitude signs") {
  const WeightMatrix weights{2, 3, 2, {1, 0, -1, 0, 0, 2}};
  CrossbarGeometry g;
  g.rows = 4;
  g.columns = 4;
  g.signs = Signs::magnitude;
  const LayerMapping mapping = map("bit_sliced", weights, g);
  const MappedGroup& group = mapping.groups[0];
  REQUIRE(group.facts.size() == 4);
  CHECK(group.allocated() == 2);
  CHECK(group.facts[0].occupied_columns == 2);  // the 1 and the -1
  CHECK(group.program.arrays[0].pair == 1);
  CHECK(group.program.arrays[2].pair == -1);  // plane 1 has no negative cell, so there is no pair
  g.signs = Signs::differential;
  CHECK(map("bit_sliced", weights, g).groups[0].allocated() == 3);
}

TEST_CASE("full arrays need ISAAC's nine bits, eight with flip encoding", "[validation]") {
  // ISAAC (ISCA 2016), section V: log2(R) + v + w - 1 bits for v = 1 input bit, w = 2 cell bits and R = 128
  // rows, one less with its encoding.
  CrossbarGeometry g;
  g.cell_bits = 2;
  g.signs = Signs::offset;
  const auto bits = [&](const WeightMatrix& weights) {
    int out = 1;
    while (largest_sum(map("conventional", weights, g)) * g.full_drive() >= (std::int64_t{1} << out)) ++out;
    return out;
  };
  const WeightMatrix largest{128, 16, 15, std::vector<std::int16_t>(128 * 16, 32767)};
  g.flip_encoding = false;
  CHECK(bits(largest) == 9);
  g.flip_encoding = true;
  CHECK(bits(largest) == 8);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const WeightMatrix weights = random_weights(random, 128, 16, 15, random.pick({0, 30, 90}));
    g.flip_encoding = false;
    CHECK(bits(weights) <= 9);
    g.flip_encoding = true;
    CHECK(bits(weights) <= 8);
    CHECK(bits(weights) >= 8);  // the unit column alone sums to 128
  }
}

TEST_CASE("stored values and digits") {
  CrossbarGeometry g;
  CHECK(stored_value(-5, false, g, 7) == 0);
  CHECK(stored_value(-5, true, g, 7) == 5);
  CHECK(stored_value(5, false, g, 7) == 5);
  CHECK(stored_value(5, true, g, 7) == 0);
  g.signs = Signs::offset;
  CHECK(stored_value(-127, false, g, 8) == 1);
  CHECK(stored_value(127, false, g, 8) == 255);
  CHECK(stored_value(-32767, false, g, 16) == 1);
  CHECK(digit(0b110110, 0, 2) == 0b10);
  CHECK(digit(0b110110, 1, 2) == 0b01);
  CHECK(digit(0b110110, 1, 4) == 0b0011);
}

}  // namespace
}  // namespace squeezebar::test
