// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/row_grouping.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "sim/engine/crossbar/mapping/squeeze_out.h"

// Row grouping (after the workload grouping that SoBS-X, TCAD 2023, announces in its abstract): the rows of a
// crossbar run in lock step, so a row group's stream is as long as its furthest moved row needs. Cutting row
// blocks from rows in descending order of their workload gives the least sum of stream lengths. One order
// serves all column blocks, because they share their input vectors.

namespace squeezebar {

std::vector<std::int32_t> row_order(const PlaneAnalysis& analysis, const SqueezeOptions& options) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(analysis.rows()));
  std::iota(order.begin(), order.end(), 0);
  if (!options.sorted || options.wanted_degree() == 0) return order;
  std::vector<int> moved;
  for (const std::int32_t row : order)
    moved.push_back(moved_planes(analysis.first_plane(row), options.degree, SqueezeMode::exact));
  std::stable_sort(order.begin(), order.end(), [&moved](std::int32_t a, std::int32_t b) {
    return moved[static_cast<std::size_t>(a)] > moved[static_cast<std::size_t>(b)];
  });
  return order;
}

std::int64_t permutation_bits(std::span<const std::int32_t> order) {
  if (std::is_sorted(order.begin(), order.end())) return 0;
  // ceil(log2(rows)) bits each.
  return static_cast<std::int64_t>(order.size() * static_cast<std::size_t>(std::bit_width(order.size() - 1)));
}

}  // namespace squeezebar
