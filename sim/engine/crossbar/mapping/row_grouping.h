// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/engine/crossbar/mapping/plane_analysis.h"
#include "sim/engine/crossbar/mapping/squeeze_options.h"

namespace squeezebar {

/// The matrix row at each position, from which row blocks are cut: the original order, or with
/// `options.sorted` rows that move furthest first.
std::vector<std::int32_t> row_order(const PlaneAnalysis& analysis, const SqueezeOptions& options);

/// Size of the table that finds each word line's input, in bits; 0 for the original order.
std::int64_t permutation_bits(std::span<const std::int32_t> order);

}  // namespace squeezebar
