// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "tests/catch.h"
#include "tests/program_reading.h"

// What a mapping must keep whose crossbars are read by operation units (OUs), whichever size they have.

namespace squeezebar::test {
namespace {

struct Mapped {
  WeightMatrix weights;
  CrossbarGeometry geometry;
  OperationUnit unit;
  LayerMapping mapping;
};

template <class F>
void for_each_case(F test) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Mapped m;
    const int magnitude_bits = random.between(1, 15);
    m.weights = random_weights(random, random.between(1, 120), random.between(1, 40), magnitude_bits,
                               random.pick({0, 60, 95, 100}));
    m.unit = {random.pick({1, 4, 16}), random.pick({1, 5, 16, 64})};
    const auto scheme = Registry<MappingScheme>::instance().create(
        "operation_units", fmt::format("{{ou_rows: {}, ou_columns: {}}}", m.unit.rows, m.unit.columns));
    m.geometry = accepted_by(*scheme, random_geometry(random, magnitude_bits));
    m.mapping = scheme->map(m.weights, m.geometry, {"layer", 8});
    INFO("seed " << seed << ", signs " << static_cast<int>(m.geometry.signs) << ", " << m.geometry.rows << 'x'
                 << m.geometry.columns << " cells of " << m.geometry.cell_bits);
    test(m);
  }
}

/// Digit levels of a weight in the columns of a column group, as the definition says them.
bool holds_something(const Mapped& m, int row, int first_channel, int first_column, int columns,
                     bool negative) {
  const int cells = m.geometry.cells_per_weight(m.weights);
  for (int c = first_column; c < first_column + columns; ++c) {
    const int weight = m.weights.at(row, first_channel + c / cells);
    const int digit = cells - 1 - c % cells;
    const bool here = m.geometry.signs == Signs::magnitude || (weight < 0) == negative;
    if (here && ((std::abs(weight) >> (digit * m.geometry.cell_bits)) & m.geometry.full_level()) != 0)
      return true;
  }
  return false;
}

/// Lists of rows by (polarity, column block, first column), and how they are cut into crossbars.
struct List {
  int first_channel = 0;
  int columns = 0;
  std::vector<int> rows;
  std::vector<std::size_t> parts;
};
using Lists = std::map<std::tuple<bool, int, int>, List>;

/// With magnitude signs both polarities have the lists that are then said to be the positive one's.
Lists gather(const Mapped& m) {
  Lists out;
  for (const MappedGroup& group : m.mapping.groups) {
    for (const ProgrammedArray& array : group.program.arrays) {
      const bool shared = m.geometry.signs == Signs::magnitude;
      // Where one polarity holds nothing, the other one alone is kept.
      if (shared && array.negative && !group.program.arrays[0].blank) continue;
      for (const ColumnGroup& columns : array.column_groups) {
        List& list = out[{array.negative && !shared, group.column_block, columns.first_column}];
        list.first_channel = group.program.first_channel;
        list.columns = columns.cells.columns();
        list.parts.push_back(columns.lines.size());
        for (const int line : columns.lines)
          list.rows.push_back(group.program.rows[static_cast<std::size_t>(line)]);
      }
    }
  }
  return out;
}

TEST_CASE("column groups list exactly the rows in which they hold something", "[contract][mapping]") {
  for_each_case([](const Mapped& m) {
    bool right = true;
    for (const auto& [key, list] : gather(m)) {
      const auto& [negative, block, first] = key;
      std::vector<int> wanted;
      for (int row = 0; row < m.weights.rows; ++row) {
        if (holds_something(m, row, list.first_channel, first, list.columns, negative)) wanted.push_back(row);
      }
      right = right && list.rows == wanted && first % m.unit.columns == 0 && list.columns <= m.unit.columns;
      // Only the last crossbar of a list is not full.
      for (std::size_t i = 0; i < list.parts.size(); ++i) {
        const auto most = static_cast<std::size_t>(m.geometry.rows);
        right = right && (i + 1 < list.parts.size() ? list.parts[i] == most : list.parts[i] <= most);
      }
    }
    CHECK(right);
  });
}

TEST_CASE("a column block takes the crossbars of its longest list", "[contract][mapping]") {
  for_each_case([](const Mapped& m) {
    std::map<std::pair<bool, int>, std::size_t> longest;
    for (const auto& [key, list] : gather(m)) {
      auto& most = longest[{std::get<0>(key), std::get<1>(key)}];
      most = std::max(most, list.rows.size());
    }
    const auto crossbars = [&](bool negative, int block) {
      const auto at = longest.find({negative, block});
      const std::size_t rows = at == longest.end() ? 0 : at->second;
      const auto per_crossbar = static_cast<std::size_t>(m.geometry.rows);
      return static_cast<int>((rows + per_crossbar - 1) / per_crossbar);
    };
    int wanted = 0;
    for (int block = 0; block < m.mapping.column_blocks; ++block) {
      wanted += crossbars(false, block) + crossbars(true, block);
    }
    int allocated = 0;
    for (const MappedGroup& group : m.mapping.groups) allocated += group.allocated();
    CHECK(allocated == wanted);
  });
}

TEST_CASE("the index of a layer is that of its row groups", "[contract][mapping]") {
  for_each_case([](const Mapped& m) {
    IndexStorage sum;
    for (const MappedGroup& group : m.mapping.groups) sum += group.index;
    CHECK(sum.input_index == m.mapping.index.input_index);
    CHECK(sum.output_index == m.mapping.index.output_index);
    CHECK(m.mapping.index.total() == sum.input_index + sum.output_index);
  });
}

TEST_CASE("polarities that count as one crossbar have the same word lines", "[contract][mapping]") {
  int pairs = 0;
  for_each_case([&](const Mapped& m) {
    bool same = true;
    for (const MappedGroup& group : m.mapping.groups) {
      for (const ProgrammedArray& array : group.program.arrays) {
        if (array.pair < 0) continue;
        ++pairs;
        const auto& other = group.program.arrays[static_cast<std::size_t>(array.pair)].column_groups;
        same = same && std::equal(array.column_groups.begin(), array.column_groups.end(), other.begin(),
                                  other.end(), [](const ColumnGroup& a, const ColumnGroup& b) {
                                    return a.first_column == b.first_column && a.lines == b.lines &&
                                           a.occupied_columns == b.occupied_columns;
                                  });
      }
    }
    CHECK(same);
  });
  CHECK(pairs > 50);
}

TEST_CASE("a column group converts all, the mapped or the occupied columns of a unit",
          "[contract][mapping]") {
  for_each_case([](const Mapped& m) {
    bool right = true;
    for (const MappedGroup& group : m.mapping.groups) {
      for (const ProgrammedArray& array : group.program.arrays) {
        for (const ColumnGroup& columns : array.column_groups) {
          const int all = scanned_columns(columns, AdcScan::all);
          right = right && all == std::min(m.unit.columns, m.geometry.columns - columns.first_column) &&
                  scanned_columns(columns, AdcScan::mapped) == columns.cells.columns() &&
                  columns.cells.columns() <= all && columns.occupied_columns >= 1 &&
                  columns.occupied_columns <= columns.cells.columns();
        }
      }
    }
    CHECK(right);
  });
}

}  // namespace
}  // namespace squeezebar::test
