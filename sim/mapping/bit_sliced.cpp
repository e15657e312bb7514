// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/array_builder.h"
#include "sim/mapping/block_grid.h"

namespace squeezebar {
namespace {

/// Each digit position (bit plane) in a crossbar of its own; crossbars without a single non-zero cell are not
/// allocated (SME, arXiv 2103.01705, section III-B). With offset signs the unit column makes every crossbar
/// non-empty.
class BitSliced final : public MappingScheme {
 public:
  bool sliced() const override { return true; }

  std::int64_t dense_arrays(const WeightMatrix& weights, const CrossbarGeometry& g) const override {
    return std::int64_t{ceil_div(weights.rows, g.rows)} * ceil_div(weights.columns, g.columns) *
           g.cells_per_weight(weights) * g.polarities();
  }

  LayerMapping map(const WeightMatrix& weights, const CrossbarGeometry& g) const override {
    const int planes = g.cells_per_weight(weights);
    return for_each_block(weights, g.rows, g.columns, [&](MappedGroup& group) {
      for (int plane = 0; plane < planes; ++plane) add_plane(weights, g, plane, plane == planes - 1, group);
    });
  }

 private:
  static void add_plane(const WeightMatrix& weights, const CrossbarGeometry& g, int plane, bool top,
                        MappedGroup& group) {
    ArrayBuilder first = build(weights, g, group.program, plane, false);
    if (g.signs == Signs::offset) {
      // The unit column of the most significant plane corrects the bias of the whole group.
      first.finish(false, plane, top ? -(std::int64_t{1} << (g.weight_bits(weights) - 1)) : 0, group);
      return;
    }
    ArrayBuilder second = build(weights, g, group.program, plane, true);
    const std::size_t at = group.facts.size();
    int either = 0;
    for (int c = 0; c < group.program.channels; ++c) either += first.occupied(c) || second.occupied(c);
    first.finish(false, plane, 0, group);
    second.finish(true, plane, 0, group);
    group.facts[at].allocated = !group.program.arrays[at].blank;
    group.facts[at + 1].allocated = !group.program.arrays[at + 1].blank;
    if (g.signs == Signs::magnitude) pair_polarities(group, at, at + 1, either);
  }

  static ArrayBuilder build(const WeightMatrix& weights, const CrossbarGeometry& g,
                            const RowGroupProgram& block, int plane, bool negative) {
    const int bits = g.weight_bits(weights);
    ArrayBuilder builder(g, static_cast<int>(block.rows.size()), block.channels);
    for (int k = 0; k < block.channels; ++k) {
      builder.set_target(k, {k, plane * g.cell_bits, false});
      for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const int value = stored_value(weights.at(block.rows[r], block.first_channel + k), negative, g, bits);
        builder.set_level(static_cast<int>(r), k, digit(value, plane, g.cell_bits));
      }
    }
    return builder;
  }
};

const Register<MappingScheme> reg{"bit_sliced",
                                  "Each bit plane in a crossbar of its own; empty ones are left out (SME).",
                                  [] { return std::make_unique<BitSliced>(); }};

}  // namespace
}  // namespace squeezebar
