// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/operation_units.h"

#include <array>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/program_reading.h"

namespace squeezebar::test {
namespace {

/// rows x columns; `values` row by row.
WeightMatrix matrix(int rows, int columns, int magnitude_bits, const std::vector<int>& values) {
  WeightMatrix out{rows, columns, magnitude_bits, std::vector<std::int16_t>(values.size())};
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      out.values[static_cast<std::size_t>(c * rows + r)] =
          static_cast<std::int16_t>(values[static_cast<std::size_t>(r * columns + c)]);
    }
  }
  return out;
}

std::vector<int> rows_of(const MappedGroup& group, const ColumnGroup& columns) {
  std::vector<int> out;
  for (const int line : columns.lines) out.push_back(group.program.rows[static_cast<std::size_t>(line)]);
  return out;
}

const auto kScheme = [](const char* parameters) {
  return Registry<MappingScheme>::instance().create("operation_units", parameters);
};

TEST_CASE("each column group moves its rows together") {
  // Two weights of two one-bit digits; operation units of two columns hold one weight each.
  const WeightMatrix weights = matrix(5, 2, 2,
                                      {1, 0,  //
                                       0, 0,  //
                                       3, 2,  //
                                       0, 1,  //
                                       2, 0});
  CrossbarGeometry g;
  g.rows = 2;
  g.columns = 4;
  const LayerMapping mapping = kScheme("{ou_rows: 2, ou_columns: 2}")->map(weights, g, {"layer", 8});
  // The lists are {0, 2, 4} and {2, 3}: two crossbars of two word lines in place of three.
  REQUIRE(mapping.row_blocks == 2);
  REQUIRE(mapping.groups.size() == 2);
  const MappedGroup& first = mapping.groups[0];
  const MappedGroup& second = mapping.groups[1];
  CHECK(first.program.rows == std::vector<std::int32_t>{0, 2, 3});
  CHECK(second.program.rows == std::vector<std::int32_t>{4});
  const auto& groups = first.program.arrays[0].column_groups;
  REQUIRE(groups.size() == 2);
  CHECK(rows_of(first, groups[0]) == std::vector<int>{0, 2});
  CHECK(rows_of(first, groups[1]) == std::vector<int>{2, 3});
  CHECK(cell_level(groups[0].cells, 0, 0) == 0);  // 1 = 01, most significant digit first
  CHECK(cell_level(groups[0].cells, 0, 1) == 1);
  CHECK(cell_level(groups[1].cells, 0, 0) == 1);  // 2 = 10
  CHECK(cell_level(groups[1].cells, 0, 1) == 0);
  REQUIRE(second.program.arrays[0].column_groups.size() == 1);
  CHECK(rows_of(second, second.program.arrays[0].column_groups[0]) == std::vector<int>{4});
  // There is no negative weight.
  CHECK(first.allocated() == 1);
  CHECK(first.program.arrays[1].blank);
  CHECK(kScheme("{}")->dense_arrays(weights, g) == 6);
}

TEST_CASE("each polarity of a differential pair has its own rows, with magnitude signs they share them") {
  const WeightMatrix weights = matrix(4, 1, 1, {1, -1, 0, 1});
  CrossbarGeometry g;
  g.rows = 2;
  g.columns = 1;
  const LayerMapping apart = kScheme("{}")->map(weights, g, {"layer", 8});
  REQUIRE(apart.groups.size() == 1);
  CHECK(apart.groups[0].allocated() == 2);
  CHECK(rows_of(apart.groups[0], apart.groups[0].program.arrays[0].column_groups[0]) ==
        std::vector<int>{0, 3});
  CHECK(rows_of(apart.groups[0], apart.groups[0].program.arrays[1].column_groups[0]) == std::vector<int>{1});
  g.signs = Signs::magnitude;
  const LayerMapping shared = kScheme("{}")->map(weights, g, {"layer", 8});
  REQUIRE(shared.groups.size() == 2);
  CHECK(shared.groups[0].allocated() == 1);
  CHECK(rows_of(shared.groups[0], shared.groups[0].program.arrays[0].column_groups[0]) ==
        std::vector<int>{0, 1});
  CHECK(rows_of(shared.groups[1], shared.groups[1].program.arrays[0].column_groups[0]) ==
        std::vector<int>{3});
}

TEST_CASE("a sum is bounded by the largest levels that one operation unit holds") {
  const WeightMatrix weights = matrix(5, 1, 2, {3, 1, 3, 2, 3});
  CrossbarGeometry g;
  g.cell_bits = 2;
  const auto bound = [&](const char* parameters) {
    return kScheme(parameters)->map(weights, g, {"layer", 8}).groups[0].facts[0].largest_level_sum;
  };
  CHECK(bound("{ou_rows: 1}") == 3);
  CHECK(bound("{ou_rows: 2}") == 6);
  CHECK(bound("{ou_rows: 4}") == 11);
  CHECK(bound("{ou_rows: 16}") == 12);
}

TEST_CASE("operation units refuse weights without zeros") {
  CrossbarGeometry g;
  g.signs = Signs::offset;
  CHECK(kScheme("{}")->check(Network{}, g).size() == 1);
  CHECK_THROWS_AS(kScheme("{}")->map(matrix(1, 1, 1, {0}), g, {"layer", 8}), std::invalid_argument);
}

struct Product {
  std::int64_t rows, columns, count;
};

/// ResNet-50 for ImageNet: convolutions as (inputs x kernel area, outputs, how often), and the classifier.
constexpr std::array kResNet50{
    Product{3 * 49, 64, 1},
    // Four stages of bottlenecks: first block, its shortcut, the others.
    Product{64, 64, 1},
    Product{64 * 9, 64, 3},
    Product{64, 256, 3},
    Product{64, 256, 1},
    Product{256, 64, 2},
    Product{256, 128, 1},
    Product{128 * 9, 128, 4},
    Product{128, 512, 4},
    Product{256, 512, 1},
    Product{512, 128, 3},
    Product{512, 256, 1},
    Product{256 * 9, 256, 6},
    Product{256, 1024, 6},
    Product{512, 1024, 1},
    Product{1024, 256, 5},
    Product{1024, 512, 1},
    Product{512 * 9, 512, 3},
    Product{512, 2048, 3},
    Product{1024, 2048, 1},
    Product{2048, 512, 2},
    Product{2048, 1000, 1},
};

TEST_CASE("ResNet-50 takes the index storage published for operation units of 16 x 16", "[validation]") {
  // SRE as SME (arXiv 2103.01705), figure 10, gives it: 778 KB for inputs; Bit-Transformer: 48 KB for
  // outputs. It counts one crossbar for both signs.
  CrossbarGeometry g;
  g.signs = Signs::magnitude;
  g.cell_bits = 2;
  std::int64_t weights = 0;
  IndexStorage index;
  for (const Product& p : kResNet50) {
    weights += p.rows * p.columns * p.count;
    const WeightMatrix layer{static_cast<int>(p.rows), static_cast<int>(p.columns), 8, {}};
    for (int i = 0; i < p.count; ++i) index += operation_unit_index(layer, g, {16, 16});
  }
  CHECK(weights == 25502912);
  CHECK(index.input_index == 25502912 * 4 / 16);
  CHECK(index.input_index / 8 / 1024 == 778);
  CHECK(index.output_index / 8 / 1024 == 48);
  CHECK(index.total() == index.input_index + index.output_index);
  // Each of the two crossbars of a differential pair has rows of its own.
  g.signs = Signs::differential;
  CHECK(operation_unit_index({64, 64, 8, {}}, g, {16, 16}).input_index == 2 * 64 * 64 * 4 / 16);
}

TEST_CASE("a mapped layer carries its index storage") {
  CrossbarGeometry g;
  g.columns = 20;  // two weights of seven digits: 14 of its columns, in four column groups
  const IndexStorage index = kScheme("{ou_rows: 3, ou_columns: 4}")
                                 ->map(matrix(7, 3, 7, std::vector<int>(21, 5)), g, {"layer", 8})
                                 .index;
  // Column blocks of two and one weight: 4 + 2 column groups of 7 rows, 3 blocks of them; two polarities.
  CHECK(index.input_index == 2 * 7 * 6);
  CHECK(index.output_index == 2 * 3 * 6);
}

}  // namespace
}  // namespace squeezebar::test
