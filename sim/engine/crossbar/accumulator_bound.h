// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/base/config.h"
#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// The most that the accumulator of a channel of the layer can reach on its way, in 256ths and with the bias,
/// whatever weights and inputs are: from shapes and widths alone. Nothing if 64 bits do not hold it.
std::optional<std::int64_t> accumulator_bound(const Config& config, const CrossbarGeometry& geometry,
                                              const WeightMatrix& weights, const Quantisation& input);

}  // namespace squeezebar
