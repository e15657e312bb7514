// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "sim/base/config.h"
#include "sim/engine/crossbar/mapped_network.h"

namespace squeezebar {

/// Whether conversions are charged by input cycle and weight slice.
bool is_adaptive(const Config& config);

/// Whether the table fits every layer; what does not fit goes to `diagnostics`.
void check_adaptive(const Config& config, const Network& network, const MappedNetwork& mapped,
                    Diagnostics& diagnostics);

/// Adds the conversions of one wave on an array by the bits for which they are charged: those of the table
/// for columns that hold a digit, those of its ADCs at most and for other columns. `scanned`: columns
/// converted in each bit-cycle.
void add_adaptive_conversions(const Config& config, const MappedGroup& group, std::size_t array,
                              std::uint64_t scanned, std::map<int, std::uint64_t>& by_bits);

}  // namespace squeezebar
