// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {

/// The levels of one array before it is packed.
class ArrayBuilder {
 public:
  ArrayBuilder(const CrossbarGeometry& geometry, int rows, int columns);

  void set_target(int column, ColumnTarget target) { targets_[static_cast<std::size_t>(column)] = target; }
  void set_level(int row, int column, int level) {
    levels_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
            static_cast<std::size_t>(column)] = static_cast<std::uint8_t>(level);
  }
  [[nodiscard]] bool blank() const;
  [[nodiscard]] bool occupied(int column) const;

  /// Flips columns where the geometry asks for it, packs the cells and appends array and facts to the group.
  void finish(bool negative, int plane, std::int64_t unit_weight, MappedGroup& group);

 private:
  [[nodiscard]] std::int64_t level_sum(int column) const;
  void flip_heavy_columns();

  const CrossbarGeometry& geometry_;
  int rows_;
  int columns_;
  std::vector<std::uint8_t> levels_;
  std::vector<ColumnTarget> targets_;
};

/// Digit j (cell_bits bits) of a non-negative integer.
inline int digit(int value, int j, int cell_bits) {
  return (value >> (j * cell_bits)) & ((1 << cell_bits) - 1);
}

/// The non-negative integer that is stored for a weight: its magnitude of the wanted polarity, or the biased
/// weight.
int stored_value(int weight, bool negative, const CrossbarGeometry& geometry, int weight_bits);

/// Sum of w^2 over a layer.
std::int64_t squared_weight(const WeightMatrix& weights);

/// Links the two polarities of one array so that they count as one crossbar (Signs::magnitude): `first` and
/// `second` are indices of arrays in the group.
void pair_polarities(MappedGroup& group, std::size_t first, std::size_t second, int occupied_by_either);

}  // namespace squeezebar
