// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "sim/mapping/mapping.h"
#include "tests/catch.h"
#include "tests/program_reading.h"

// What every mapping scheme must keep; a new one is found by its registration.

namespace squeezebar::test {
namespace {

struct Mapped {
  WeightMatrix weights;
  CrossbarGeometry geometry;
  LayerMapping mapping;
};

/// Calls `test(mapped, scheme)` for every registered scheme with random matrices and geometries.
template <class F>
void for_each_mapping(F test) {
  const auto& registry = Registry<MappingScheme>::instance();
  REQUIRE(registry.size() >= 2);
  for (const auto& [name, entry] : registry) {
    const auto scheme = registry.create(name);
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
      Random random(seed);
      const int magnitude_bits = random.between(1, 15);
      Mapped m;
      m.weights = random_weights(random, random.between(1, 80), random.between(1, 50), magnitude_bits,
                                 random.pick({0, 50, 95, 100}));
      m.geometry = random_geometry(random, magnitude_bits, *scheme);
      m.mapping = scheme->map(m.weights, m.geometry);
      INFO("mapping " << name << ", seed " << seed << ", signs " << static_cast<int>(m.geometry.signs)
                      << ", cell bits " << m.geometry.cell_bits << ", " << m.geometry.rows << 'x'
                      << m.geometry.columns);
      test(m, *scheme);
    }
  }
}

int rows_of(const MappedGroup& group) { return group.rows(); }

TEST_CASE("row groups cut the matrix without gap or overlap", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme& scheme) {
    if (scheme.operation_unit()) return;  // leaves rows out, see below
    std::vector<int> covered(static_cast<std::size_t>(m.weights.rows) *
                             static_cast<std::size_t>(m.weights.columns));
    REQUIRE(m.mapping.groups.size() == static_cast<std::size_t>(m.mapping.row_blocks) *
                                           static_cast<std::size_t>(m.mapping.column_blocks));
    bool fits = true;
    for (const MappedGroup& group : m.mapping.groups) {
      const RowGroupProgram& p = group.program;
      fits = fits && rows_of(group) >= 1 && rows_of(group) <= m.geometry.rows && p.channels >= 1;
      REQUIRE(p.arrays.size() == group.facts.size());
      for (const ProgrammedArray& array : p.arrays) {
        fits = fits && array.cells.rows() == rows_of(group) && array.cells.columns() <= m.geometry.columns &&
               array.cells.cell_bits() == m.geometry.cell_bits &&
               array.targets.size() == static_cast<std::size_t>(array.cells.columns());
      }
      for (const int r : p.rows) {
        for (int c = p.first_channel; c < p.first_channel + p.channels; ++c) {
          ++covered[static_cast<std::size_t>(r * m.weights.columns + c)];
        }
      }
    }
    CHECK(fits);
    CHECK(std::all_of(covered.begin(), covered.end(), [](int n) { return n == 1; }));
  });
}

TEST_CASE("every bit of every weight is placed exactly once", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    const int bits = m.geometry.weight_bits(m.weights);
    for (const MappedGroup& group : m.mapping.groups) {
      // Digits by polarity: each channel has one column for each shift, and the shifts cover all bits.
      std::set<std::tuple<bool, int, int>> digits;
      bool once = true;
      for (const ProgrammedArray& array : group.program.arrays) {
        for (const ColumnTarget& target : array.targets) {
          once = once && digits.emplace(array.negative, target.channel, target.shift).second &&
                 target.channel >= 0 && target.channel < group.program.channels;
        }
      }
      CHECK(once);
      const int polarities = m.geometry.signs == Signs::offset ? 1 : 2;
      const int cells = (bits + m.geometry.cell_bits - 1) / m.geometry.cell_bits;
      CHECK(digits.size() == static_cast<std::size_t>(polarities * cells * group.program.channels));
      for (const auto& [negative, channel, shift] : digits)
        once = once && shift % m.geometry.cell_bits == 0 && shift < bits;
      CHECK(once);
    }
  });
}

TEST_CASE("columns of a channel are neighbours, as many for each channel", "[contract][mapping]") {
  // The splice adds up runs of columns of equal length, the first channels first.
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    bool regular = true;
    for (const MappedGroup& group : m.mapping.groups) {
      for (const ProgrammedArray& array : group.program.arrays) {
        const auto first = array.targets.front().channel;
        const auto channels = static_cast<std::size_t>(array.targets.back().channel - first + 1);
        const std::size_t digits = array.targets.size() / channels;
        regular = regular && digits * channels == array.targets.size();
        for (std::size_t c = 0; c < array.targets.size() && regular; ++c) {
          regular = array.targets[c].channel == first + static_cast<int>(c / digits);
        }
      }
    }
    CHECK(regular);
  });
}

TEST_CASE("the weights can be read back from the cells", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    const int full = m.geometry.full_level();
    bool in_range = true;
    std::vector<std::int64_t> sums(m.weights.values.size());
    const auto sum = [&](int row, int column) -> std::int64_t& {
      return sums[static_cast<std::size_t>(column) * static_cast<std::size_t>(m.weights.rows) +
                  static_cast<std::size_t>(row)];
    };
    for (const MappedGroup& group : m.mapping.groups) {
      const RowGroupProgram& p = group.program;
      for (const ProgrammedArray& array : p.arrays) {
        for_each_cell(array, [&](int r, int c, int stored) {
          const ColumnTarget& target = array.targets[static_cast<std::size_t>(c)];
          in_range = in_range && stored >= 0 && stored <= full;
          const std::int64_t level = target.flipped ? full - stored : stored;
          sum(p.rows[static_cast<std::size_t>(r)], p.first_channel + target.channel) +=
              (array.negative ? -level : level) << target.shift;
        });
        if (!array.unit_column) continue;
        for (const int row : p.rows) {
          for (int c = 0; c < p.channels; ++c) sum(row, p.first_channel + c) += array.unit_weight;
        }
      }
    }
    CHECK(in_range);
    CHECK(std::equal(sums.begin(), sums.end(), m.weights.values.begin()));
  });
}

TEST_CASE("facts about arrays are what the cells say", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme& scheme) {
    bool right = true;
    for (const MappedGroup& group : m.mapping.groups) {
      const auto& arrays = group.program.arrays;
      // Word lines that are driven at once.
      const int lines = scheme.operation_unit() ? scheme.operation_unit()->rows : rows_of(group);
      for (std::size_t a = 0; a < arrays.size(); ++a) {
        const std::size_t columns = arrays[a].targets.size();
        std::vector<std::vector<int>> levels(columns);
        for_each_cell(arrays[a],
                      [&](int, int c, int level) { levels[static_cast<std::size_t>(c)].push_back(level); });
        std::int64_t largest = arrays[a].unit_column ? rows_of(group) : 0;
        int occupied = 0;
        for (auto& column : levels) {
          std::sort(column.rbegin(), column.rend());
          const std::size_t most = std::min(column.size(), static_cast<std::size_t>(lines));
          std::int64_t sum = 0;
          for (std::size_t i = 0; i < most; ++i) sum += column[i];
          occupied += sum > 0;
          largest = std::max(largest, sum);
        }
        right = right && group.facts[a].largest_level_sum == largest &&
                group.facts[a].mapped_columns == static_cast<int>(columns) &&
                arrays[a].blank == (occupied == 0) &&
                arrays[a].unit_column == (m.geometry.signs == Signs::offset);
        // A pair that counts as one crossbar has columns with a non-zero cell of either polarity.
        if (m.geometry.signs != Signs::magnitude)
          right = right && group.facts[a].occupied_columns == occupied;
        else if (group.facts[a].counted)
          right = right && group.facts[a].occupied_columns >= occupied;
        if (arrays[a].pair >= 0) {
          const auto other = static_cast<std::size_t>(arrays[a].pair);
          right = right && m.geometry.signs == Signs::magnitude &&
                  arrays[other].pair == static_cast<int>(a) && arrays[other].negative != arrays[a].negative &&
                  group.facts[other].counted != group.facts[a].counted && (other == a + 1 || a == other + 1);
        }
      }
    }
    CHECK(right);
  });
}

TEST_CASE("crossbars that hold something are allocated, never more than the grid has",
          "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme& scheme) {
    std::int64_t allocated = 0;
    std::int64_t counted = 0;
    bool right = true;
    for (const MappedGroup& group : m.mapping.groups) {
      allocated += group.allocated();
      right = right && group.program.runs == (group.allocated() > 0);
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        counted += group.facts[a].counted;
        right = right && (group.facts[a].allocated || group.program.arrays[a].blank);
      }
    }
    CHECK(right);
    CHECK(allocated <= counted);
    const std::int64_t dense = scheme.dense_arrays(m.weights, m.geometry);
    CHECK((scheme.operation_unit() ? counted <= dense : counted == dense));
  });
}

TEST_CASE("mapping the same weights again gives the same crossbars", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme& scheme) {
    const LayerMapping again = scheme.map(m.weights, m.geometry);
    REQUIRE(again.groups.size() == m.mapping.groups.size());
    bool same = true;
    for (std::size_t g = 0; g < again.groups.size(); ++g) {
      for (std::size_t a = 0; a < again.groups[g].facts.size(); ++a) {
        same = same &&
               again.groups[g].program.arrays[a].targets == m.mapping.groups[g].program.arrays[a].targets &&
               again.groups[g].facts[a].largest_level_sum == m.mapping.groups[g].facts[a].largest_level_sum;
      }
    }
    CHECK(same);
  });
}

}  // namespace
}  // namespace squeezebar::test
