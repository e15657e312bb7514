// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "tests/catch.h"
#include "tests/program_reading.h"
#include "tests/squeeze_variants.h"

// What every mapping scheme must keep; a new one is found by its registration.

namespace squeezebar::test {
namespace {

constexpr int kActivationBits = 8;

struct Mapped {
  SqueezeOptions squeeze;  ///< policy off where the scheme knows no squeezing
  WeightMatrix weights;
  CrossbarGeometry geometry;
  LayerMapping mapping;
};

Mapped random_case(Random& random) {
  const int magnitude_bits = random.between(1, 15);
  Mapped m;
  m.weights = random_weights(random, random.between(1, 80), random.between(1, 50), magnitude_bits,
                             random.pick({0, 50, 95, 100}));
  m.geometry = random_geometry(random, magnitude_bits);
  return m;
}

/// Calls `test(mapped, scheme)` for bit_sliced with random ways of squeezing.
template <class F>
void for_each_squeeze(std::uint64_t cases, F test) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    Random random(seed + 7000);
    Mapped m = random_case(random);
    m.geometry.signs = random.pick({Signs::differential, Signs::magnitude});
    m.geometry.flip_encoding = false;
    m.squeeze = random_squeeze(random, m.geometry.cells_per_weight(m.weights));
    const auto scheme = bit_sliced(m.squeeze);
    m.mapping = scheme->map(m.weights, m.geometry, {"layer", kActivationBits});
    INFO("bit_sliced " << squeeze_yaml(m.squeeze) << ", seed " << seed << ", signs "
                       << static_cast<int>(m.geometry.signs) << ", cell bits " << m.geometry.cell_bits << ", "
                       << m.geometry.rows << 'x' << m.geometry.columns << ", magnitude bits "
                       << m.weights.magnitude_bits);
    test(m, *scheme);
  }
}

/// Calls `test(mapped, scheme)` for every registered scheme, and for bit_sliced with random ways of
/// squeezing, with random matrices and geometries.
template <class F>
void for_each_mapping(F test) {
  const auto& registry = Registry<MappingScheme>::instance();
  REQUIRE(registry.size() >= 2);
  for (const auto& [name, entry] : registry) {
    const auto scheme = registry.create(name);
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
      Random random(seed);
      Mapped m = random_case(random);
      m.geometry = accepted_by(*scheme, m.geometry);
      m.mapping = scheme->map(m.weights, m.geometry, {"layer", kActivationBits});
      INFO("mapping " << name << ", seed " << seed << ", signs " << static_cast<int>(m.geometry.signs)
                      << ", cell bits " << m.geometry.cell_bits << ", " << m.geometry.rows << 'x'
                      << m.geometry.columns);
      test(m, *scheme);
    }
  }
  for_each_squeeze(240, test);
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

TEST_CASE("the weights can be read back from the cells, but for what squeezing reports as lost",
          "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    const int full = m.geometry.full_level();
    bool in_range = true;
    WeightError error;
    // What the cells hold, over all row groups: [column][row], as the weights.
    std::vector<std::int64_t> sums(m.weights.values.size());
    const auto at = [&](int row, int column) {
      return static_cast<std::size_t>(column) * static_cast<std::size_t>(m.weights.rows) +
             static_cast<std::size_t>(row);
    };
    std::vector<std::int64_t> kept(m.weights.values.begin(), m.weights.values.end());
    for (const MappedGroup& group : m.mapping.groups) {
      const RowGroupProgram& p = group.program;
      const auto shift = [&](int r) {
        return p.row_shift.empty() ? 0 : p.row_shift[static_cast<std::size_t>(r)];
      };
      for (const ProgrammedArray& array : p.arrays) {
        for_each_cell(array, [&](int r, int c, int stored) {
          const ColumnTarget& target = array.targets[static_cast<std::size_t>(c)];
          in_range = in_range && stored >= 0 && stored <= full;
          const std::int64_t level = target.flipped ? full - stored : stored;
          sums[at(p.rows[static_cast<std::size_t>(r)], p.first_channel + target.channel)] +=
              ((array.negative ? -level : level) << target.shift) * (1 << shift(r));
        });
        if (!array.unit_column) continue;
        for (const int row : p.rows) {
          for (int c = 0; c < p.channels; ++c) sums[at(row, p.first_channel + c)] += array.unit_weight;
        }
      }
      for (int r = 0; r < rows_of(group); ++r) {
        for (int c = p.first_channel; c < p.first_channel + p.channels; ++c) {
          auto& weight = kept[at(p.rows[static_cast<std::size_t>(r)], c)];
          weight = without_lowest_bits(static_cast<int>(weight), shift(r));
        }
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::int64_t weight = m.weights.values[i];
      error.squared_error += (weight - sums[i]) * (weight - sums[i]);
      error.squared_weight += weight * weight;
    }
    CHECK(m.mapping.error.squared_error == error.squared_error);
    CHECK(m.mapping.error.squared_weight == error.squared_weight);
    CHECK(in_range);
    CHECK(sums == kept);
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

/// First plane (from 1, most significant) in which a row of the group holds something; 99 for zeros.
int first_plane(const Mapped& m, const RowGroupProgram& p, int row) {
  const int planes = m.geometry.cells_per_weight(m.weights);
  for (int plane = 1; plane <= planes; ++plane) {
    for (int column = p.first_channel; column < p.first_channel + p.channels; ++column) {
      if (std::abs(m.weights.at(row, column)) >> ((planes - plane) * m.geometry.cell_bits) != 0) return plane;
    }
  }
  return 99;
}

TEST_CASE("rows move by the class of their first plane", "[contract][mapping]") {
  for_each_squeeze(240, [](const Mapped& m, const MappingScheme&) {
    bool right = true;
    for (const MappedGroup& group : m.mapping.groups) {
      const RowGroupProgram& p = group.program;
      const int degree = group.squeeze_degree;
      right = right && degree <= m.squeeze.degree;
      for (std::size_t r = 0; r < p.row_shift.size(); ++r) {
        const int first = first_plane(m, p, p.rows[r]);
        const int exact = std::max(0, degree + 1 - first);
        const int moved = m.squeeze.mode == SqueezeMode::exact ? exact : first <= degree ? degree : 0;
        right = right && p.row_shift[r] == moved * m.geometry.cell_bits;
      }
      if (m.squeeze.policy == SqueezePolicy::all && p.row_shift.empty()) {
        for (const int row : p.rows) right = right && first_plane(m, p, row) > m.squeeze.degree;
      }
    }
    CHECK(right);
  });
}

TEST_CASE("a row group's stream is as much longer as its furthest moved row needs", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    bool right = true;
    for (const MappedGroup& group : m.mapping.groups) {
      const RowGroupProgram& p = group.program;
      if (p.row_shift.empty()) {
        right = right && p.shift_bits == 0 && group.squeeze_degree == 0;
        continue;
      }
      right = right && p.row_shift.size() == p.rows.size() && p.shift_bits > 0 &&
              p.shift_bits == *std::max_element(p.row_shift.begin(), p.row_shift.end()) &&
              p.shift_bits <= group.squeeze_degree * m.geometry.cell_bits;
      for (const int shift : p.row_shift) right = right && shift % m.geometry.cell_bits == 0;
      // The planes that it was squeezed by are free.
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        const int plane = m.geometry.cells_per_weight(m.weights) - group.facts[a].plane;  // from 1, top first
        right = right && (plane > group.squeeze_degree || p.arrays[a].blank);
      }
    }
    CHECK(right);
  });
}

TEST_CASE("what every replica must remember is part of the layer's index", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme&) {
    IndexStorage sum;
    for (const MappedGroup& group : m.mapping.groups) sum += group.index;
    CHECK(sum.permutation == 0);
    sum.permutation = m.mapping.index.permutation;
    CHECK(sum == m.mapping.index);
  });
}

TEST_CASE("counting planes gives what mapping gives", "[contract][mapping]") {
  const auto same_as_counted = [](const Mapped& m, const MappingScheme&) {
    const PlaneCounts counts = count_planes(m.weights, m.geometry, m.squeeze, kActivationBits);
    const int planes = m.geometry.cells_per_weight(m.weights);
    std::vector<std::int64_t> allocated(static_cast<std::size_t>(planes));
    std::int64_t running = 0;
    std::int64_t squeezed = 0;
    std::int64_t bit_cycles = 0;
    std::int64_t array_cycles = 0;
    for (const MappedGroup& group : m.mapping.groups) {
      for (const ArrayFacts& facts : group.facts) {
        if (facts.allocated && facts.counted) ++allocated[static_cast<std::size_t>(planes - 1 - facts.plane)];
      }
      const int cycles =
          (kActivationBits + group.program.shift_bits + m.geometry.dac_bits - 1) / m.geometry.dac_bits;
      running += group.program.runs;
      squeezed += !group.program.row_shift.empty();
      bit_cycles += group.program.runs ? cycles : 0;
      array_cycles += std::int64_t{cycles} * group.allocated();
    }
    CHECK(counts.allocated == allocated);
    CHECK(counts.total() == std::accumulate(allocated.begin(), allocated.end(), std::int64_t{0}));
    CHECK(counts.row_groups == static_cast<std::int64_t>(m.mapping.groups.size()));
    CHECK(counts.running_groups == running);
    CHECK(counts.squeezed_groups == squeezed);
    CHECK(counts.bit_cycles == bit_cycles);
    CHECK(counts.array_cycles == array_cycles);
    CHECK(counts.error.squared_error == m.mapping.error.squared_error);
    CHECK(counts.error.squared_weight == m.mapping.error.squared_weight);
    CHECK(counts.index.occupancy == m.mapping.index.occupancy);
    CHECK(counts.index.row_mask == m.mapping.index.row_mask);
    CHECK(counts.index.permutation == m.mapping.index.permutation);
    CHECK(counts.index.total() == m.mapping.index.total());
  };
  for_each_squeeze(240, same_as_counted);
  const auto plain = bit_sliced({});
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    Random random(seed);
    Mapped m = random_case(random);
    m.mapping = plain->map(m.weights, m.geometry, {"layer", kActivationBits});
    INFO("seed " << seed);
    same_as_counted(m, *plain);
  }
}

TEST_CASE("a scheme counts what it maps", "[contract][mapping]") {
  for_each_mapping([](const Mapped& m, const MappingScheme& scheme) {
    const PlaneCounts counts = scheme.count(m.weights, m.geometry, {"layer", kActivationBits});
    const auto planes = static_cast<int>(counts.allocated.size());
    const PlaneCounts mapped = counts_of(m.mapping, m.geometry, planes, kActivationBits);
    CHECK(counts.allocated == mapped.allocated);
    CHECK(counts.row_groups == mapped.row_groups);
    CHECK(counts.running_groups == mapped.running_groups);
    CHECK(counts.squeezed_groups == mapped.squeezed_groups);
    CHECK(counts.bit_cycles == mapped.bit_cycles);
    CHECK(counts.array_cycles == mapped.array_cycles);
    CHECK(counts.level_sums == mapped.level_sums);
    CHECK(counts.index.total() == mapped.index.total());
    CHECK(counts.error.squared_error == mapped.error.squared_error);
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
    const LayerMapping again = scheme.map(m.weights, m.geometry, {"layer", kActivationBits});
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
