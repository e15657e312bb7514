// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/squeeze_out.h"

#include <stdexcept>

#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "sim/engine/crossbar/mapping/row_grouping.h"
#include "tests/catch.h"
#include "tests/squeeze_variants.h"

namespace squeezebar::test {
namespace {

CrossbarGeometry geometry(int rows, int columns, int cell_bits = 1) {
  CrossbarGeometry g;
  g.rows = rows;
  g.columns = columns;
  g.cell_bits = cell_bits;
  g.signs = Signs::magnitude;
  return g;
}

std::vector<std::int32_t> first_rows(int rows) {
  std::vector<std::int32_t> out;
  for (int r = 0; r < rows; ++r) out.push_back(r);
  return out;
}

TEST_CASE("how far a row moves, by mode") {
  const auto exact = [](int first_plane, int degree) {
    return moved_planes(first_plane, degree, SqueezeMode::exact);
  };
  const auto mask = [](int first_plane, int degree) {
    return moved_planes(first_plane, degree, SqueezeMode::mask);
  };
  CHECK(exact(1, 1) == 1);
  CHECK(exact(1, 3) == 3);
  CHECK(exact(2, 3) == 2);
  CHECK(exact(3, 3) == 1);
  CHECK(exact(4, 3) == 0);
  CHECK(mask(1, 3) == 3);
  CHECK(mask(3, 3) == 3);
  CHECK(mask(4, 3) == 0);
  CHECK(mask(1, 0) == 0);
}

TEST_CASE("the analysis knows bits, first planes and what every move loses") {
  // One column block of two columns: rows (5, -6), (0, 0), (1, 3) of four-bit weights; a second block of one.
  const WeightMatrix weights{3, 3, 4, {5, 0, 1, -6, 0, 3, 0, 9, -8}};
  const PlaneAnalysis one_bit(weights, geometry(2, 2));
  CHECK(one_bit.planes() == 4);
  CHECK(one_bit.row_blocks() == 2);
  CHECK(one_bit.column_blocks() == 2);
  CHECK(one_bit.bits(0, 0, false) == 5);
  CHECK(one_bit.bits(0, 0, true) == 6);
  CHECK(one_bit.bits(0, 2, false) == 3);
  CHECK(one_bit.first_plane(0, 0) == 2);
  CHECK(one_bit.first_plane(0, 1) == one_bit.empty_plane());
  CHECK(one_bit.first_plane(0, 2) == 3);
  CHECK(one_bit.first_plane(1, 1) == 1);
  CHECK(one_bit.first_plane(0) == 2);
  CHECK(one_bit.first_plane(1) == 1);
  CHECK(one_bit.squared_error(0, 0, 0) == 0);
  CHECK(one_bit.squared_error(0, 0, 1) == 1);      // 5 -> 4
  CHECK(one_bit.squared_error(0, 0, 2) == 1 + 4);  // 5 -> 4, 6 -> 4
  CHECK(one_bit.squared_error(0, 2, 1) == 1 + 1);  // 1 -> 0, 3 -> 2
  CHECK(one_bit.squared_error(1, 2, 3) == 0);      // 8 stays
  CHECK(one_bit.squared_weight(0, 0) == 25 + 36);
  CHECK(one_bit.squared_error(0, 0, 9) == 25 + 36);  // beyond the last plane: all is lost
  const PlaneAnalysis two_bit(weights, geometry(2, 2, 2));
  CHECK(two_bit.planes() == 2);
  CHECK(two_bit.first_plane(0, 0) == 1);
  CHECK(two_bit.first_plane(0, 2) == 2);
  CHECK(two_bit.squared_error(0, 0, 1) == 1 + 4);
  // The widest weights take sums beyond 32 bits.
  const PlaneAnalysis wide({1, 8, 15, std::vector<std::int16_t>(8, -32767)}, geometry(1, 8));
  CHECK(wide.squared_weight(0, 0) == std::int64_t{8} * 32767 * 32767);
  CHECK(wide.bits(0, 0, true) == 32767);
  CHECK(wide.bits(0, 0, false) == 0);
}

TEST_CASE("squeezing by two planes: a group's stream, crossbars, mask and loss in both modes") {
  // Rows 1001, 0101, 0011, 0110 (9, 5, 3, 6) in one column.
  const PlaneAnalysis analysis({4, 1, 4, {9, 5, 3, 6}}, geometry(4, 1));
  const auto rows = first_rows(4);
  const SqueezedGroup before = squeeze_group(analysis, rows, 0, 0, SqueezeMode::exact, 8);
  CHECK(before.arrays == 4);
  CHECK(before.bit_cycles == 8);
  CHECK(before.degree == 0);
  CHECK(row_shifts(analysis, rows, 0, before, SqueezeMode::exact).empty());
  CHECK(row_mask_bits(4, before, SqueezeMode::exact) == 0);

  const SqueezedGroup exact = squeeze_group(analysis, rows, 0, 2, SqueezeMode::exact, 8);
  CHECK(row_shifts(analysis, rows, 0, exact, SqueezeMode::exact) == std::vector<std::uint8_t>{2, 1, 0, 1});
  CHECK(exact.arrays == 2);
  CHECK(exact.bit_cycles == 10);
  CHECK(exact.cost() == 20);
  CHECK(exact.error.squared_error == 1 + 1);  // 9 -> 8, 5 -> 4, 6 stays
  CHECK(exact.error.squared_weight == 81 + 25 + 9 + 36);
  CHECK(row_mask_bits(4, exact, SqueezeMode::exact) == 4 * 2);

  const SqueezedGroup mask = squeeze_group(analysis, rows, 0, 2, SqueezeMode::mask, 8);
  CHECK(row_shifts(analysis, rows, 0, mask, SqueezeMode::mask) == std::vector<std::uint8_t>{2, 2, 0, 2});
  CHECK(mask.arrays == 2);
  CHECK(mask.error.squared_error == 1 + 1 + 4);  // 6 -> 4 too
  CHECK(row_mask_bits(4, mask, SqueezeMode::mask) == 4);

  const PlaneAnalysis two_bit({4, 1, 4, {9, 5, 3, 6}}, geometry(4, 1, 2));
  const SqueezedGroup cells = squeeze_group(two_bit, rows, 0, 1, SqueezeMode::exact, 8);
  CHECK(row_shifts(two_bit, rows, 0, cells, SqueezeMode::exact) == std::vector<std::uint8_t>{2, 2, 0, 2});
  CHECK(cells.arrays == 1);
  CHECK(cells.bit_cycles == 10);
}

TEST_CASE("a stream of several bits per bit-cycle is rounded up") {
  CrossbarGeometry g = geometry(1, 1);
  g.dac_bits = 4;
  const PlaneAnalysis analysis({1, 1, 4, {8}}, g);
  CHECK(squeeze_group(analysis, first_rows(1), 0, 0, SqueezeMode::exact, 8).bit_cycles == 2);
  CHECK(squeeze_group(analysis, first_rows(1), 0, 1, SqueezeMode::exact, 8).bit_cycles == 3);
  CHECK(squeeze_group(analysis, first_rows(1), 0, 3, SqueezeMode::exact, 9).bit_cycles == 3);
}

TEST_CASE("a squeeze that refills an empty plane does not win") {
  // 1000 0000 has seven empty planes: moving it down by one frees one crossbar and takes another.
  const PlaneAnalysis analysis({1, 1, 8, {128}}, geometry(1, 1));
  SqueezeOptions options{.policy = SqueezePolicy::winning, .degree = 1};
  CHECK(choose_squeeze(analysis, first_rows(1), 0, options, 8).degree == 0);
  options.policy = SqueezePolicy::automatic;
  options.degree = 7;
  CHECK(choose_squeeze(analysis, first_rows(1), 0, options, 8).degree == 0);
  options.policy = SqueezePolicy::all;
  options.degree = 1;
  const SqueezedGroup all = choose_squeeze(analysis, first_rows(1), 0, options, 8);
  CHECK(all.degree == 1);
  CHECK(all.arrays == 1);
  CHECK(all.bit_cycles == 9);
}

TEST_CASE("the automatic degree stops at the error cap") {
  // 1111 and 0001: each plane squeezed out frees a crossbar and loses a bit of the first row.
  const PlaneAnalysis analysis({2, 1, 4, {15, 1}}, geometry(2, 1));
  const auto degree = [&](double cap, int most) {
    const SqueezeOptions options{
        .policy = SqueezePolicy::automatic, .degree = most, .mode = SqueezeMode::exact, .error_cap = cap};
    return choose_squeeze(analysis, first_rows(2), 0, options, 8).degree;
  };
  CHECK(degree(0.0, 3) == 0);
  CHECK(degree(1.0 / 226, 3) == 1);  // 15 -> 14
  CHECK(degree(9.0 / 226, 3) == 2);  // 15 -> 12
  CHECK(degree(1.0, 3) == 3);
  CHECK(degree(1.0, 1) == 1);
}

TEST_CASE("equal cost goes to the lowest degree") {
  // Two input bits and two planes: 2 x 2 bit-cycles or 1 x 3; with two bits per bit-cycle 2 x 1 or 1 x 2.
  CrossbarGeometry g = geometry(1, 1);
  SqueezeOptions options{.policy = SqueezePolicy::automatic, .degree = 1, .error_cap = 1.0};
  const PlaneAnalysis one(WeightMatrix{1, 1, 2, {3}}, g);
  CHECK(choose_squeeze(one, first_rows(1), 0, options, 2).degree == 1);
  g.dac_bits = 2;
  const PlaneAnalysis two(WeightMatrix{1, 1, 2, {3}}, g);
  CHECK(choose_squeeze(two, first_rows(1), 0, options, 2).degree == 0);
  options.policy = SqueezePolicy::winning;
  CHECK(choose_squeeze(one, first_rows(1), 0, options, 2).degree == 1);
  CHECK(choose_squeeze(two, first_rows(1), 0, options, 2).degree == 0);
}

TEST_CASE("rows are sorted by how far they move, equal ones in their order") {
  // First planes 4, 1, 2, none, 1 of four.
  const PlaneAnalysis analysis({5, 1, 4, {1, 8, 4, 0, 9}}, geometry(2, 1));
  SqueezeOptions options{.policy = SqueezePolicy::all, .degree = 2, .sorted = true};
  const auto order = row_order(analysis, options);
  CHECK(order == std::vector<std::int32_t>{1, 4, 2, 0, 3});
  CHECK(permutation_bits(order) == 5 * 3);
  options.degree = 1;
  CHECK(row_order(analysis, options) == std::vector<std::int32_t>{1, 4, 0, 2, 3});
  options.policy = SqueezePolicy::off;
  CHECK(row_order(analysis, options) == first_rows(5));
  options.policy = SqueezePolicy::all;
  options.sorted = false;
  CHECK(permutation_bits(row_order(analysis, options)) == 0);
}

TEST_CASE("one row order serves all column blocks") {
  // Row 1 moves only because of the second column block.
  const PlaneAnalysis analysis({2, 2, 2, {1, 1, 1, 2}}, geometry(1, 1));
  const SqueezeOptions options{.policy = SqueezePolicy::all, .degree = 1, .sorted = true};
  CHECK(row_order(analysis, options) == std::vector<std::int32_t>{1, 0});
  CHECK(count_planes(analysis, options, 8).squeezed_groups == 1);
}

TEST_CASE("what cannot be squeezed is refused") {
  const WeightMatrix weights{1, 1, 3, {5}};
  CrossbarGeometry g = geometry(1, 1);
  SqueezeOptions options{.policy = SqueezePolicy::all, .degree = 3};
  CHECK_THROWS_AS(count_planes(weights, g, options, 8), std::invalid_argument);
  options.degree = 2;
  CHECK_NOTHROW(count_planes(weights, g, options, 8));
  g.signs = Signs::offset;
  CHECK_THROWS_AS(count_planes(weights, g, options, 8), std::invalid_argument);
  CHECK(count_planes(weights, g, {}, 8).total() == 4);
}

TEST_CASE("degrees of single layers") {
  const auto scheme = Registry<MappingScheme>::instance().create(
      "bit_sliced", "{squeeze: all, squeeze_degree: 1, squeeze_layers: ' conv1 = 2,fc=0 '}");
  const WeightMatrix weights{1, 1, 4, {8}};
  const auto shift = [&](const char* layer) {
    return scheme->map(weights, geometry(1, 1), {layer, 8}).groups[0].program.shift_bits;
  };
  CHECK(shift("conv1") == 2);
  CHECK(shift("fc") == 0);
  CHECK(shift("conv2") == 1);
}

}  // namespace
}  // namespace squeezebar::test
