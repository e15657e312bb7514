// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/operation_units.h"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <stdexcept>

#include "sim/base/config.h"
#include "sim/engine/crossbar/kernels/operation_units.h"
#include "sim/engine/crossbar/mapping/array_builder.h"
#include "sim/engine/crossbar/mapping/block_grid.h"

namespace squeezebar {
namespace {

/// The columns of a column block as `conventional` lays them out: column k * cells + (cells - 1 - j) holds
/// digit j of weight k.
class BlockColumns {
 public:
  BlockColumns(const WeightMatrix& weights, const CrossbarGeometry& g, int first_channel, int channels)
      : weights_(weights),
        geometry_(g),
        first_channel_(first_channel),
        channels_(channels),
        cells_(g.cells_per_weight(weights)) {}

  [[nodiscard]] int columns() const { return channels_ * cells_; }
  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] int rows() const { return weights_.rows; }
  [[nodiscard]] int first_channel() const { return first_channel_; }
  [[nodiscard]] std::vector<ColumnTarget> targets() const {
    std::vector<ColumnTarget> out;
    for (int c = 0; c < columns(); ++c) out.push_back({c / cells_, digit_of(c) * geometry_.cell_bits, false});
    return out;
  }
  [[nodiscard]] int level(int row, int column, bool negative) const {
    const int weight = weights_.at(row, first_channel_ + column / cells_);
    const int bits = geometry_.weight_bits(weights_);
    return digit(stored_value(weight, negative, geometry_, bits), digit_of(column), geometry_.cell_bits);
  }
  /// Whether the cell is not zero, in the array of this polarity or, for pairs that count as one, of either.
  [[nodiscard]] bool occupied(int row, int column, bool negative) const {
    return level(row, column, negative) > 0 ||
           (geometry_.signs == Signs::magnitude && level(row, column, !negative) > 0);
  }
  /// Whether each row has a cell in columns [first, last) that is occupied.
  [[nodiscard]] std::vector<bool> occupied_rows(int first, int last, bool negative) const {
    std::vector<bool> out(static_cast<std::size_t>(rows()));
    for (int c = first; c < last;) {
      // All digits of one weight at once.
      const int weight = c / cells_;
      int bits = 0;
      for (; c < last && c / cells_ == weight; ++c)
        bits |= geometry_.full_level() << (digit_of(c) * geometry_.cell_bits);
      for (int row = 0; row < rows(); ++row) {
        const int value = weights_.at(row, first_channel_ + weight);
        const bool here = geometry_.signs == Signs::magnitude || (value < 0) == negative;
        if (here && (std::abs(value) & bits) != 0) out[static_cast<std::size_t>(row)] = true;
      }
    }
    return out;
  }

 private:
  [[nodiscard]] int digit_of(int column) const { return cells_ - 1 - column % cells_; }

  const WeightMatrix& weights_;
  const CrossbarGeometry& geometry_;
  int first_channel_;
  int channels_;
  int cells_;
};

/// Rows of the matrix in the word lines of each column group of one polarity, [column group][word line].
using RowLists = std::vector<std::vector<std::int32_t>>;

RowLists list_rows(const BlockColumns& block, int ou_columns, bool negative) {
  RowLists out;
  for (int first = 0; first < block.columns(); first += ou_columns) {
    auto& list = out.emplace_back();
    const auto occupied = block.occupied_rows(first, std::min(first + ou_columns, block.columns()), negative);
    for (int row = 0; row < block.rows(); ++row) {
      if (occupied[static_cast<std::size_t>(row)]) list.push_back(row);
    }
  }
  return out;
}

int longest(const RowLists& lists) {
  std::size_t most = 0;
  for (const auto& list : lists) most = std::max(most, list.size());
  return static_cast<int>(most);
}

/// The part of a list that lies in one crossbar.
std::span<const std::int32_t> part(const std::vector<std::int32_t>& list, int crossbar, int rows) {
  const std::size_t first = std::min(list.size(), static_cast<std::size_t>(crossbar * rows));
  return std::span(list).subspan(first, std::min(list.size() - first, static_cast<std::size_t>(rows)));
}

/// The rows that any column group of a crossbar holds: what its input register must hold.
std::vector<std::int32_t> rows_of_crossbar(const RowLists& positive, const RowLists& negative, int crossbar,
                                           int rows) {
  std::vector<std::int32_t> out;
  for (const RowLists* lists : {&positive, &negative}) {
    for (const auto& list : *lists) {
      const auto here = part(list, crossbar, rows);
      out.insert(out.end(), here.begin(), here.end());
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

ColumnGroup column_group(const BlockColumns& block, const CrossbarGeometry& g, int first, int ou_columns,
                         std::span<const std::int32_t> rows, const std::vector<std::int32_t>& group_rows,
                         bool negative) {
  ColumnGroup out;
  out.first_column = first;
  const int columns = std::min(ou_columns, block.columns() - first);
  out.physical_columns = std::min(ou_columns, g.columns - first);
  std::vector<std::uint8_t> levels;
  for (const std::int32_t row : rows) {
    const auto at = std::lower_bound(group_rows.begin(), group_rows.end(), row);
    out.lines.push_back(static_cast<std::int32_t>(at - group_rows.begin()));
    for (int c = first; c < first + columns; ++c)
      levels.push_back(static_cast<std::uint8_t>(block.level(row, c, negative)));
  }
  for (int c = first; c < first + columns; ++c) {
    out.occupied_columns += std::any_of(rows.begin(), rows.end(),
                                        [&](std::int32_t row) { return block.occupied(row, c, negative); });
  }
  out.cells = PackedArray(static_cast<int>(rows.size()), columns, g.cell_bits, levels);
  return out;
}

/// Appends one crossbar of one polarity.
void add_array(const BlockColumns& block, const CrossbarGeometry& g, const OperationUnit& unit,
               const RowLists& lists, int crossbar, bool negative, MappedGroup& group) {
  ProgrammedArray array;
  ArrayFacts facts;
  array.targets = block.targets();
  array.negative = negative;
  facts.mapped_columns = block.columns();
  array.blank = true;
  for (std::size_t j = 0; j < lists.size(); ++j) {
    const auto rows = part(lists[j], crossbar, g.rows);
    if (rows.empty()) continue;
    ColumnGroup columns = column_group(block, g, static_cast<int>(j) * unit.columns, unit.columns, rows,
                                       group.program.rows, negative);
    const std::int64_t largest = largest_ou_sum(columns.cells, unit.rows);
    array.blank = array.blank && largest == 0;
    facts.largest_level_sum = std::max(facts.largest_level_sum, largest);
    facts.occupied_columns += columns.occupied_columns;
    array.column_groups.push_back(std::move(columns));
  }
  // The word lines of a pair that counts as one may hold nothing of one polarity.
  if (array.blank) array.column_groups.clear();
  facts.allocated = !array.blank;
  group.program.arrays.push_back(std::move(array));
  group.facts.push_back(facts);
}

/// The share of a crossbar in the index of its lists: that of the matrix rows from the one after the crossbar
/// before it to its own last one, which the last crossbar takes to the end.
IndexStorage index_part(const RowLists& lists, int rows, const CrossbarGeometry& g, const OperationUnit& unit,
                        int crossbar) {
  IndexStorage out;
  for (const auto& list : lists) {
    const auto end_of = [&](int k) {
      const std::size_t end = static_cast<std::size_t>(k + 1) * static_cast<std::size_t>(g.rows);
      return end >= list.size() ? rows : list[end - 1] + 1;
    };
    const int first = crossbar == 0 ? 0 : end_of(crossbar - 1);
    const int last = end_of(crossbar);
    out.input_index += last - first;
    out.output_index += ceil_div(last, unit.rows) - ceil_div(first, unit.rows);
  }
  return out;
}

struct OperationUnitParams : OperationUnit {};

/// The layout of `conventional`, read by operation units: only a few word lines and bit lines of a crossbar
/// are active at once. Column groups of a unit's width leave out the rows in which all their cells are zero,
/// over all rows of the layer, and what is left of each moves together in crossbars (SRE, ISCA 2019).
class OperationUnitMapping final : public MappingScheme {
 public:
  explicit OperationUnitMapping(const OperationUnit& unit) : unit_(unit) {}

  bool sliced() const override { return false; }
  std::optional<OperationUnit> operation_unit() const override { return unit_; }

  std::int64_t dense_arrays(const WeightMatrix& weights, const CrossbarGeometry& g) const override {
    const int per_array = g.columns / g.cells_per_weight(weights);
    return std::int64_t{ceil_div(weights.rows, g.rows)} * ceil_div(weights.columns, per_array) *
           g.polarities();
  }

  std::vector<SchemeFault> check(const Network& /*network*/, const CrossbarGeometry& g) const override {
    if (g.signs != Signs::offset) return {};
    return {{"signs",
             "must be differential or magnitude with operation_units, because with offset zero weights "
             "are stored as ones and no row can be left out"}};
  }

  LayerMapping map(const WeightMatrix& weights, const CrossbarGeometry& g,
                   const LayerUse& /*layer*/) const override {
    if (g.signs == Signs::offset) throw std::invalid_argument("operation units need weights with zeros");
    const int per_array = g.columns / g.cells_per_weight(weights);
    struct Block {
      BlockColumns columns;
      RowLists positive;
      RowLists negative;
    };
    std::vector<Block> blocks;
    LayerMapping out;
    out.row_blocks = 1;
    for (int first = 0; first < weights.columns; first += per_array) {
      const BlockColumns columns(weights, g, first, std::min(per_array, weights.columns - first));
      blocks.push_back(
          {columns, list_rows(columns, unit_.columns, false), list_rows(columns, unit_.columns, true)});
      const int most = std::max(longest(blocks.back().positive), longest(blocks.back().negative));
      out.row_blocks = std::max(out.row_blocks, ceil_div(most, g.rows));
    }
    out.column_blocks = static_cast<int>(blocks.size());
    for (int crossbar = 0; crossbar < out.row_blocks; ++crossbar) {
      for (int c = 0; c < out.column_blocks; ++c) {
        const Block& block = blocks[static_cast<std::size_t>(c)];
        MappedGroup group;
        group.row_block = crossbar;
        group.column_block = c;
        group.program.rows = rows_of_crossbar(block.positive, block.negative, crossbar, g.rows);
        group.program.ou_rows = unit_.rows;
        group.program.first_channel = block.columns.first_channel();
        group.program.channels = block.columns.channels();
        add_array(block.columns, g, unit_, block.positive, crossbar, false, group);
        add_array(block.columns, g, unit_, block.negative, crossbar, true, group);
        // Both have the same word lines and each counts the columns that either occupies.
        if (g.signs == Signs::magnitude) pair_polarities(group, 0, 1, group.facts[0].occupied_columns);
        group.program.runs = group.allocated() > 0;
        group.index = index_part(block.positive, weights.rows, g, unit_, crossbar);
        if (g.signs != Signs::magnitude)
          group.index += index_part(block.negative, weights.rows, g, unit_, crossbar);
        out.groups.push_back(std::move(group));
      }
    }
    out.index = operation_unit_index(weights, g, unit_);
    out.error.squared_weight = squared_weight(weights);
    return out;
  }

 private:
  OperationUnit unit_;
};

Schema<OperationUnitParams> schema() {
  return Schema<OperationUnitParams>(
             "All digits of a weight in adjacent columns, without rows that are zero in a whole column "
             "group, "
             "read a few word and bit lines at a time (SRE).")
      .field("ou_rows", &OperationUnitParams::rows,
             {.def = 16, .min = 1, .max = 1024, .doc = "Most word lines that are driven at once."})
      .field("ou_columns", &OperationUnitParams::columns,
             {.def = 16, .min = 1, .max = 1024, .doc = "Bit lines that are read at once: a column group."});
}

const Register<MappingScheme> reg{"operation_units", schema(), [](const OperationUnitParams& p) {
                                    return std::make_unique<OperationUnitMapping>(p);
                                  }};

}  // namespace

IndexStorage operation_unit_index(const WeightMatrix& weights, const CrossbarGeometry& g,
                                  const OperationUnit& unit) {
  const int cells = g.cells_per_weight(weights);
  const int per_array = g.columns / cells;
  std::int64_t column_groups = 0;
  for (int first = 0; first < weights.columns; first += per_array)
    column_groups += ceil_div(std::min(per_array, weights.columns - first) * cells, unit.columns);
  IndexStorage out;
  // The polarities of a pair have rows of their own, unless they count as one.
  out.input_index = weights.rows * column_groups * g.polarities();
  out.output_index = ceil_div(weights.rows, unit.rows) * column_groups * g.polarities();
  return out;
}

}  // namespace squeezebar
