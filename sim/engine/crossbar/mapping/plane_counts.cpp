// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/plane_counts.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "sim/engine/crossbar/mapping/block_grid.h"
#include "sim/engine/crossbar/mapping/row_grouping.h"
#include "sim/engine/crossbar/mapping/squeeze_out.h"

namespace squeezebar {

std::int64_t PlaneCounts::total() const {
  return std::accumulate(allocated.begin(), allocated.end(), std::int64_t{0});
}

PlaneCounts count_planes(const PlaneAnalysis& analysis, const SqueezeOptions& options, int activation_bits) {
  require_squeezable(analysis, options);
  const CrossbarGeometry& g = analysis.geometry();
  const int planes = analysis.planes();
  const std::vector<std::int32_t> order = row_order(analysis, options);
  PlaneCounts out;
  out.allocated.resize(static_cast<std::size_t>(planes));
  out.row_groups = std::int64_t{analysis.row_blocks()} * analysis.column_blocks();
  out.index.occupancy = out.row_groups * planes * g.polarities();
  out.index.permutation = permutation_bits(order);
  for (std::size_t first = 0; first < order.size(); first += static_cast<std::size_t>(g.rows)) {
    const std::size_t last = std::min(order.size(), first + static_cast<std::size_t>(g.rows));
    const std::span<const std::int32_t> rows = std::span(order).subspan(first, last - first);
    for (int block = 0; block < analysis.column_blocks(); ++block) {
      const SqueezedGroup group = choose_squeeze(analysis, rows, block, options, activation_bits);
      for (int plane = 1; plane <= planes; ++plane) {
        out.allocated[static_cast<std::size_t>(plane) - 1] += arrays_of_digit(group, planes - plane, g);
      }
      out.squeezed_groups += group.shift_bits > 0;
      out.array_cycles += group.cost();
      out.error += group.error;
      out.index.row_mask += row_mask_bits(rows.size(), group, options.mode);
      if (group.arrays == 0) continue;
      ++out.running_groups;
      out.bit_cycles += group.bit_cycles;
    }
  }
  return out;
}

PlaneCounts count_planes(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                         const SqueezeOptions& options, int activation_bits) {
  return count_planes(PlaneAnalysis(weights, geometry), options, activation_bits);
}

PlaneCounts counts_of(const LayerMapping& mapping, const CrossbarGeometry& geometry, int planes,
                      int activation_bits) {
  PlaneCounts out;
  out.allocated.resize(static_cast<std::size_t>(planes));
  out.row_groups = static_cast<std::int64_t>(mapping.groups.size());
  out.index = mapping.index;
  out.error = mapping.error;
  for (const MappedGroup& group : mapping.groups) {
    const int allocated = group.allocated();
    const int cycles = ceil_div(activation_bits + group.program.shift_bits, geometry.dac_bits);
    out.running_groups += allocated > 0;
    out.squeezed_groups += group.program.shift_bits > 0;
    out.bit_cycles += allocated > 0 ? cycles : 0;
    out.array_cycles += std::int64_t{allocated} * cycles;
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      const ArrayFacts& facts = group.facts[a];
      if (!facts.allocated || !facts.counted) continue;
      ++out.level_sums[group.converted_level_sum(a)];
      // Without planes of its own a mapping has a single number, wherever its digits are.
      const int place = std::min(facts.plane, planes - 1);
      ++out.allocated[static_cast<std::size_t>(planes - 1 - place)];
    }
  }
  return out;
}

PlaneCounts MappingScheme::count(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                                 const LayerUse& layer) const {
  const int planes = sliced() ? geometry.cells_per_weight(weights) : 1;
  return counts_of(map(weights, geometry, layer), geometry, planes, layer.activation_bits);
}

}  // namespace squeezebar
