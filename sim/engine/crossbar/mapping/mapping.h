// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/registry.h"
#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/terms/adc_scan.h"
#include "sim/terms/index_storage.h"
#include "sim/terms/weight_error.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// How signed weights become conductances.
enum class Signs {
  differential,  ///< two crossbars, positive and negative magnitudes, subtracted after the ADC
  offset,        ///< biased weights and a unit column (ISAAC)
  magnitude,     ///< values as differential, counted as one crossbar: the sign is free (how SME counts)
};

/// How many replicas row groups get.
enum class Replication {
  fixed,     ///< all the same number
  balanced,  ///< more for those that hold the others up, within a budget of crossbars
};

/// Crossbars that balanced replication may use, those of the first replicas included.
enum class CrossbarBudget {
  dense_sliced,  ///< as many as a crossbar for every bit plane of the network would take
  conventional,  ///< as many as the network takes with all bits of a weight in one crossbar
  chip,          ///< all of the chip, in whole tiles per layer
};

/// How the row-group replicas of a layer are dealt onto its tiles.
enum class TilePlacement {
  in_order,       ///< one after the other; a row group may lie on the border of two tiles
  longest_first,  ///< the longest first, each on the tile with the least work so far that has room
};

/// The section `mapping` (fields common to all schemes).
struct MappingParams {
  Signs signs = Signs::differential;
  bool flip_encoding = false;
  std::int64_t replicas = 1;
  Replication replication = Replication::fixed;
  CrossbarBudget crossbar_budget = CrossbarBudget::dense_sliced;
  TilePlacement placement = TilePlacement::in_order;
};

/// What a scheme must know about the hardware.
struct CrossbarGeometry {
  int rows = 128;
  int columns = 128;
  int cell_bits = 1;
  int dac_bits = 1;
  Signs signs = Signs::differential;
  bool flip_encoding = false;

  [[nodiscard]] int full_level() const { return (1 << cell_bits) - 1; }
  [[nodiscard]] int full_drive() const { return (1 << dac_bits) - 1; }
  /// Physical crossbars that count for one array of the grid.
  [[nodiscard]] int polarities() const { return signs == Signs::differential ? 2 : 1; }
  [[nodiscard]] int weight_bits(const WeightMatrix& weights) const {
    return weights.magnitude_bits + (signs == Signs::offset ? 1 : 0);
  }
  [[nodiscard]] int cells_per_weight(const WeightMatrix& weights) const {
    return (weight_bits(weights) + cell_bits - 1) / cell_bits;
  }
};

/// Facts about one array that counting needs, next to its arithmetic in RowGroupProgram::arrays (same index).
struct ArrayFacts {
  bool allocated = true;
  bool counted = true;       ///< false: the second polarity of a pair that counts as one crossbar
  int partner = -1;          ///< index of the other polarity of such a pair
  int plane = 0;             ///< digit position in bit_sliced, 0 in conventional
  int mapped_columns = 0;    ///< columns that hold a digit
  int occupied_columns = 0;  ///< columns with a non-zero cell (of either polarity when a pair counts as one)
  std::int64_t largest_level_sum = 0;  ///< over its columns, the unit column included

  /// Bound of a column sum in one bit-cycle.
  [[nodiscard]] std::int64_t sum_bound(const CrossbarGeometry& g) const {
    return largest_level_sum * g.full_drive();
  }
};

/// The ADCs of one array.
struct ArrayAdc {
  int bits = 0;         ///< of a conversion
  int priced_bits = 0;  ///< for which it is charged

  bool operator==(const ArrayAdc&) const = default;
};

/// A row group: its arithmetic and its countable facts.
struct MappedGroup {
  int row_block = 0;
  int column_block = 0;
  RowGroupProgram program;
  std::vector<ArrayFacts> facts;
  std::vector<ArrayAdc> adcs;  ///< [array]; empty until they are chosen
  IndexStorage index;          ///< what each replica holds a copy of; part of LayerMapping::index

  int replicas = 1;
  int squeeze_degree = 0;  ///< planes that were emptied by moving rows down

  [[nodiscard]] int rows() const { return static_cast<int>(program.rows.size()); }
  /// Arrays that count (each pair once with Signs::magnitude) and are allocated.
  [[nodiscard]] int allocated() const;
  /// The largest level sum that the ADCs of an array meet: its own, that of the other polarity if the pair
  /// counts as one crossbar, and those of all arrays if operation units are dealt over them.
  [[nodiscard]] std::int64_t converted_level_sum(std::size_t array) const;
};

/// Allocated arrays, a pair that counts as one once, by MappedGroup::converted_level_sum.
using LevelSumCounts = std::map<std::int64_t, std::int64_t>;

/// A layer on crossbars.
struct LayerMapping {
  int row_blocks = 0;
  int column_blocks = 0;
  std::vector<MappedGroup> groups;  ///< row block by row block, within one by column block
  IndexStorage index;
  WeightError error;
};

/// The part of a crossbar that is read at once where not all of it may be.
struct OperationUnit {
  int rows = 16;     ///< word lines
  int columns = 16;  ///< bit lines
};

/// What a scheme must know about a layer besides its weights.
struct LayerUse {
  std::string name;
  int activation_bits = 8;  ///< of the layer's input codes
};

struct PlaneCounts;

/// Why a scheme's parameters do not go with a network.
struct SchemeFault {
  std::string field;  ///< of the section `mapping`
  std::string message;
};

/// A mapping scheme: one file in this folder, found under its registered name.
class MappingScheme {
 public:
  virtual ~MappingScheme() = default;
  /// Crossbars of the whole grid, whatever the weights are (physical arrays).
  [[nodiscard]] virtual std::int64_t dense_arrays(const WeightMatrix& weights,
                                                  const CrossbarGeometry& geometry) const = 0;
  /// Layers for which check() finds a fault must not be mapped.
  [[nodiscard]] virtual LayerMapping map(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                                         const LayerUse& layer) const = 0;
  /// What map() would take, for `squeezebar map`. This maps the layer; a scheme that can count without
  /// packing arrays counts large networks faster.
  [[nodiscard]] virtual PlaneCounts count(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                                          const LayerUse& layer) const;
  [[nodiscard]] virtual std::vector<SchemeFault> check(const Network& /*network*/,
                                                       const CrossbarGeometry& /*geometry*/) const {
    return {};
  }
  /// Crossbars that hold one block of weights, for peak figures.
  [[nodiscard]] virtual bool sliced() const = 0;
  /// The operation units by which crossbars are read; nothing: all of a crossbar is read at once.
  [[nodiscard]] virtual std::optional<OperationUnit> operation_unit() const { return std::nullopt; }
};

/// Columns that are converted for each operation unit of a column group.
int scanned_columns(const ColumnGroup& columns, AdcScan scan);

/// Scanned columns of one array, without the unit column (which is converted beside the others).
int scanned_columns(const ArrayFacts& facts, AdcScan scan, int physical_columns);

}  // namespace squeezebar
