// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/array_builder.h"

#include <algorithm>

namespace squeezebar {

ArrayBuilder::ArrayBuilder(const CrossbarGeometry& geometry, int rows, int columns)
    : geometry_(geometry),
      rows_(rows),
      columns_(columns),
      levels_(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0),
      targets_(static_cast<std::size_t>(columns)) {}

bool ArrayBuilder::blank() const {
  return std::all_of(levels_.begin(), levels_.end(), [](std::uint8_t level) { return level == 0; });
}

std::int64_t ArrayBuilder::level_sum(int column) const {
  std::int64_t sum = 0;
  for (auto at = static_cast<std::size_t>(column); at < levels_.size();
       at += static_cast<std::size_t>(columns_)) {
    sum += levels_[at];
  }
  return sum;
}

bool ArrayBuilder::occupied(int column) const { return level_sum(column) > 0; }

void ArrayBuilder::flip_heavy_columns() {
  const int full = geometry_.full_level();
  for (int c = 0; c < columns_; ++c) {
    if (2 * level_sum(c) <= std::int64_t{rows_} * full) continue;
    targets_[static_cast<std::size_t>(c)].flipped = true;
    for (int r = 0; r < rows_; ++r) {
      auto& level = levels_[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns_) +
                            static_cast<std::size_t>(c)];
      level = static_cast<std::uint8_t>(full - level);
    }
  }
}

void ArrayBuilder::finish(bool negative, int plane, std::int64_t unit_weight, MappedGroup& group) {
  const bool unit = geometry_.signs == Signs::offset;
  if (geometry_.flip_encoding && unit) flip_heavy_columns();
  ArrayFacts facts;
  facts.plane = plane;
  facts.mapped_columns = columns_;
  facts.largest_level_sum = unit ? rows_ : 0;
  for (int c = 0; c < columns_; ++c) {
    const std::int64_t sum = level_sum(c);
    facts.occupied_columns += sum > 0;
    facts.largest_level_sum = std::max(facts.largest_level_sum, sum);
  }
  ProgrammedArray array;
  array.cells = PackedArray(rows_, columns_, geometry_.cell_bits, levels_);
  array.targets = targets_;
  array.negative = negative;
  array.unit_column = unit;
  array.unit_weight = unit_weight;
  array.blank = facts.occupied_columns == 0;
  group.program.arrays.push_back(std::move(array));
  group.facts.push_back(facts);
}

int stored_value(int weight, bool negative, const CrossbarGeometry& geometry, int weight_bits) {
  if (geometry.signs == Signs::offset) return weight + (1 << (weight_bits - 1));
  return negative ? std::max(-weight, 0) : std::max(weight, 0);
}

std::int64_t squared_weight(const WeightMatrix& weights) {
  std::int64_t sum = 0;
  for (const std::int32_t w : weights.values) sum += std::int64_t{w} * w;
  return sum;
}

void pair_polarities(MappedGroup& group, std::size_t first, std::size_t second, int occupied_by_either) {
  auto& arrays = group.program.arrays;
  const bool allocated = group.facts[first].allocated || group.facts[second].allocated;
  group.facts[first].allocated = allocated;
  group.facts[first].occupied_columns = occupied_by_either;
  group.facts[second].counted = false;
  group.facts[first].partner = static_cast<int>(second);
  group.facts[second].partner = static_cast<int>(first);
  if (arrays[first].blank || arrays[second].blank) return;
  arrays[first].pair = static_cast<int>(second);
  arrays[second].pair = static_cast<int>(first);
}

int MappedGroup::allocated() const {
  return static_cast<int>(std::count_if(facts.begin(), facts.end(),
                                        [](const ArrayFacts& f) { return f.allocated && f.counted; }));
}

std::int64_t MappedGroup::converted_level_sum(std::size_t array) const {
  if (program.ou_rows > 0) {
    return std::max_element(facts.begin(), facts.end(),
                            [](const ArrayFacts& a, const ArrayFacts& b) {
                              return a.largest_level_sum < b.largest_level_sum;
                            })
        ->largest_level_sum;
  }
  const std::int64_t own = facts[array].largest_level_sum;
  const int partner = facts[array].partner;
  return partner < 0 ? own : std::max(own, facts[static_cast<std::size_t>(partner)].largest_level_sum);
}

int scanned_columns(const ArrayFacts& facts, AdcScan scan, int physical_columns) {
  switch (scan) {
    case AdcScan::all:
      return physical_columns;
    case AdcScan::mapped:
      return facts.mapped_columns;
    case AdcScan::occupied:
      return facts.occupied_columns;
  }
  return physical_columns;
}

int scanned_columns(const ColumnGroup& columns, AdcScan scan) {
  ArrayFacts facts;
  facts.mapped_columns = columns.cells.columns();
  facts.occupied_columns = columns.occupied_columns;
  return scanned_columns(facts, scan, columns.physical_columns);
}

}  // namespace squeezebar
