// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/engine/crossbar/mapping/array_builder.h"
#include "sim/engine/crossbar/mapping/block_grid.h"
#include "sim/engine/crossbar/mapping/layer_degrees.h"
#include "sim/engine/crossbar/mapping/level_sums.h"
#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "sim/engine/crossbar/mapping/row_grouping.h"
#include "sim/engine/crossbar/mapping/squeeze_out.h"

namespace squeezebar {
namespace {

struct BitSlicedParams : SqueezeOptions {
  std::string squeeze_layers;
};

/// Each digit position (bit plane) in a crossbar of its own; crossbars without a single non-zero cell are not
/// allocated (SME, arXiv 2103.01705, section III-B). With offset signs the unit column makes every crossbar
/// non-empty.
class BitSliced final : public MappingScheme {
 public:
  explicit BitSliced(const BitSlicedParams& params) : options_(params), degrees_(params.squeeze_layers) {}

  bool sliced() const override { return true; }

  std::int64_t dense_arrays(const WeightMatrix& weights, const CrossbarGeometry& g) const override {
    return std::int64_t{ceil_div(weights.rows, g.rows)} * ceil_div(weights.columns, g.columns) *
           g.cells_per_weight(weights) * g.polarities();
  }

  LayerMapping map(const WeightMatrix& weights, const CrossbarGeometry& g,
                   const LayerUse& layer) const override {
    const SqueezeOptions options = options_of(layer);
    const PlaneAnalysis analysis(weights, g);
    require_squeezable(analysis, options);
    const std::vector<std::int32_t> order = row_order(analysis, options);
    const int planes = g.cells_per_weight(weights);
    IndexStorage index;
    index.occupancy = dense_arrays(weights, g);
    index.permutation = permutation_bits(order);
    WeightError error;
    LayerMapping out = for_each_block(weights, order, g.rows, g.columns, [&](MappedGroup& group) {
      RowGroupProgram& p = group.program;
      const SqueezedGroup squeezed =
          choose_squeeze(analysis, p.rows, group.column_block, options, layer.activation_bits);
      group.squeeze_degree = squeezed.degree;
      p.row_shift = row_shifts(analysis, p.rows, group.column_block, squeezed, options.mode);
      p.shift_bits = squeezed.shift_bits;
      group.index.occupancy = std::int64_t{planes} * g.polarities();
      group.index.row_mask = row_mask_bits(p.rows.size(), squeezed, options.mode);
      index.row_mask += group.index.row_mask;
      error += squeezed.error;
      for (int plane = 0; plane < planes; ++plane) add_plane(weights, g, plane, plane == planes - 1, group);
    });
    out.index = index;
    out.error = error;
    return out;
  }

  PlaneCounts count(const WeightMatrix& weights, const CrossbarGeometry& g,
                    const LayerUse& layer) const override {
    const SqueezeOptions options = options_of(layer);
    const PlaneAnalysis analysis(weights, g);
    PlaneCounts out = count_planes(analysis, options, layer.activation_bits);
    const std::vector<std::int32_t> order = row_order(analysis, options);
    for_each_block(weights, order, g.rows, g.columns, [&](const MappedGroup& group) {
      const RowGroupProgram& p = group.program;
      const SqueezedGroup squeezed =
          choose_squeeze(analysis, p.rows, group.column_block, options, layer.activation_bits);
      const auto shifts = row_shifts(analysis, p.rows, group.column_block, squeezed, options.mode);
      for (const auto& sums : level_sums(weights, g, {p.rows, shifts, p.first_channel, p.channels}))
        count_arrays(sums, g, false, out.level_sums);
    });
    return out;
  }

  std::vector<SchemeFault> check(const Network& network, const CrossbarGeometry& g) const override {
    std::vector<SchemeFault> faults;
    if (options_.policy == SqueezePolicy::off) return faults;
    std::vector<std::string> names;
    for (const Layer& layer : network.layers) {
      if (!layer.on_crossbars()) continue;
      names.push_back(layer.name);
      const int degree = degrees_.of(layer.name, options_.degree);
      const int planes = g.cells_per_weight(layer.weights);
      if (degree < planes) continue;
      const bool own = degrees_.degrees().contains(layer.name);
      faults.push_back({own ? "squeeze_layers" : "squeeze_degree",
                        fmt::format("must be below {} for layer '{}', whose weights have {} planes of {}-bit "
                                    "cells, not {}",
                                    planes, layer.name, planes, g.cell_bits, degree)});
    }
    for (const auto& [name, degree] : degrees_.degrees()) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      faults.push_back({"squeeze_layers", fmt::format("'{}' has no layer '{}' on crossbars{}", network.name,
                                                      name, did_you_mean(name, names))});
    }
    return faults;
  }

 private:
  [[nodiscard]] SqueezeOptions options_of(const LayerUse& layer) const {
    SqueezeOptions options = options_;
    options.degree = degrees_.of(layer.name, options.degree);
    return options;
  }

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
        const int stored = block.row_shift.empty() ? value : value >> block.row_shift[r];
        builder.set_level(static_cast<int>(r), k, digit(stored, plane, g.cell_bits));
      }
    }
    return builder;
  }

  SqueezeOptions options_;
  LayerDegrees degrees_;
};

std::string layer_degrees_fault(const BitSlicedParams& p) {
  if (p.policy == SqueezePolicy::off && !p.squeeze_layers.empty()) return "has no effect with squeeze: off";
  try {
    const LayerDegrees parsed(p.squeeze_layers);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

Schema<BitSlicedParams> schema() {
  Schema<BitSlicedParams> s("Each bit plane in a crossbar of its own; empty ones are left out (SME).");
  s.choice(
       "squeeze", &SqueezeOptions::policy, kSqueezePolicies,
       {.def = SqueezePolicy::off,
        .doc = "Free the top planes of row groups by moving rows down and their inputs up: never, always, "
               "where crossbars x bit-cycles fall, or by the degree of each group that lowers them most."})
      .field("squeeze_degree", &SqueezeOptions::degree,
             {.def = 1,
              .min = 0,
              .max = kMostSqueezedPlanes,
              .doc = "Planes to be freed (the most that `auto` tries); fewer than a weight has."})
      .choice("squeeze_mode", &SqueezeOptions::mode,
              {{"mask", SqueezeMode::mask}, {"exact", SqueezeMode::exact}},
              {.def = SqueezeMode::mask,
               .doc = "A row moves by the whole degree or not at all (one bit per row), or only as far as it "
                      "must."})
      .field("squeeze_error_cap", &SqueezeOptions::error_cap,
             {.def = 0.01,
              .min = 0,
              .max = 1,
              .doc = "Largest squared weight error of a row group, relative to its squared weights, that "
                     "`auto` accepts."})
      .field("squeeze_layers", &BitSlicedParams::squeeze_layers,
             {.def = "", .doc = "Degrees of single layers in place of squeeze_degree, like `conv1=2, fc=0`."})
      .choice("grouping", &SqueezeOptions::sorted, {{"original", false}, {"sorted", true}},
              {.def = false,
               .doc = "Rows on word lines in the order of the matrix, or those first that squeezing moves "
                      "furthest, so that fewer row groups run longer."});
  s.rule("squeeze_layers", [](const BitSlicedParams& p) { return layer_degrees_fault(p); });
  return s;
}

const Register<MappingScheme> reg{"bit_sliced", schema(), [](const BitSlicedParams& params) {
                                    return std::make_unique<BitSliced>(params);
                                  }};

const RegisterRule signs_rule{[](const Config& config, Diagnostics& diagnostics) {
  if (config.model("mapping") != "bit_sliced" || config.text("mapping.squeeze") == "off") return;
  if (config.get<MappingParams>().signs != Signs::offset) return;
  diagnostics.error(config.place("mapping.squeeze"), "mapping.squeeze",
                    "needs signs: differential or magnitude, because with offset zero weights are stored as "
                    "ones and no plane can be freed");
}};

}  // namespace
}  // namespace squeezebar
