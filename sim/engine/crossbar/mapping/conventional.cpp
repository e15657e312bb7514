// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/engine/crossbar/mapping/array_builder.h"
#include "sim/engine/crossbar/mapping/block_grid.h"
#include "sim/engine/crossbar/mapping/level_sums.h"
#include "sim/engine/crossbar/mapping/plane_counts.h"

namespace squeezebar {
namespace {

/// All digits of a weight in adjacent columns of one crossbar, most significant first (ISAAC). A weight never
/// straddles two crossbars. Every array of the grid is allocated.
class Conventional final : public MappingScheme {
 public:
  bool sliced() const override { return false; }

  std::int64_t dense_arrays(const WeightMatrix& weights, const CrossbarGeometry& g) const override {
    const int per_array = g.columns / g.cells_per_weight(weights);
    return std::int64_t{ceil_div(weights.rows, g.rows)} * ceil_div(weights.columns, per_array) *
           g.polarities();
  }

  LayerMapping map(const WeightMatrix& weights, const CrossbarGeometry& g,
                   const LayerUse& /*layer*/) const override {
    const int per_array = g.columns / g.cells_per_weight(weights);
    LayerMapping out = for_each_block(weights, g.rows, per_array, [&](MappedGroup& group) {
      ArrayBuilder first = build(weights, g, group.program, false);
      if (g.signs == Signs::offset) {
        first.finish(false, 0, -(std::int64_t{1} << (g.weight_bits(weights) - 1)), group);
        return;
      }
      ArrayBuilder second = build(weights, g, group.program, true);
      int either = 0;
      for (int c = 0; c < group.program.channels * g.cells_per_weight(weights); ++c) {
        either += first.occupied(c) || second.occupied(c);
      }
      first.finish(false, 0, 0, group);
      second.finish(true, 0, 0, group);
      if (g.signs == Signs::magnitude) pair_polarities(group, 0, 1, either);
    });
    out.error.squared_weight = squared_weight(weights);
    return out;
  }

  PlaneCounts count(const WeightMatrix& weights, const CrossbarGeometry& g,
                    const LayerUse& layer) const override {
    PlaneCounts out;
    const int per_array = g.columns / g.cells_per_weight(weights);
    for_each_block(weights, g.rows, per_array, [&](const MappedGroup& group) {
      const RowGroupProgram& p = group.program;
      ++out.row_groups;
      std::array<std::int64_t, 2> largest{};
      for (const auto& [positive, negative] :
           level_sums(weights, g, {p.rows, {}, p.first_channel, p.channels}))
        largest = {std::max(largest[0], positive), std::max(largest[1], negative)};
      count_arrays(largest, g, true, out.level_sums);
    });
    out.allocated = {dense_arrays(weights, g)};
    out.running_groups = out.row_groups;
    const int cycles = ceil_div(layer.activation_bits, g.dac_bits);
    out.bit_cycles = out.row_groups * cycles;
    out.array_cycles = out.total() * cycles;
    return out;
  }

 private:
  static ArrayBuilder build(const WeightMatrix& weights, const CrossbarGeometry& g,
                            const RowGroupProgram& block, bool negative) {
    const int cells = g.cells_per_weight(weights);
    const int bits = g.weight_bits(weights);
    ArrayBuilder builder(g, static_cast<int>(block.rows.size()), block.channels * cells);
    for (int k = 0; k < block.channels; ++k) {
      for (int j = 0; j < cells; ++j)
        builder.set_target(k * cells + (cells - 1 - j), {k, j * g.cell_bits, false});
      for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const int value = stored_value(weights.at(block.rows[r], block.first_channel + k), negative, g, bits);
        for (int j = 0; j < cells; ++j) {
          builder.set_level(static_cast<int>(r), k * cells + (cells - 1 - j), digit(value, j, g.cell_bits));
        }
      }
    }
    return builder;
  }
};

const Register<MappingScheme> reg{"conventional",
                                  "All digits of a weight in adjacent columns of one crossbar (ISAAC).",
                                  [] { return std::make_unique<Conventional>(); }};

}  // namespace
}  // namespace squeezebar
