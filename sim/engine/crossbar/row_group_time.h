// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/sample_hold/sample_hold.h"
#include "sim/engine/crossbar/mapped_network.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Columns that each ADC's crossbar of the row group scans in one bit-cycle, or for one operation unit: the
/// most of its allocated arrays. The unit column is converted beside the others: it costs energy, not time.
int scanned_per_bit_cycle(const Config& config, const MappedGroup& group);

/// One bit-cycle of the row group, or one operation unit.
BitCycleTime bit_cycle_of(const Config& config, const MappedGroup& group);

/// Bit-cycles of one wave (T_g) when none is skipped; `input` is what the layer reads.
int stream_length(const Quantisation& input, const CrossbarGeometry& geometry, const MappedGroup& group);

/// Steps of a bit-cycle in which every word line is driven: 1, or the operation units of the busiest array.
int most_steps(const MappedGroup& group);

}  // namespace squeezebar
