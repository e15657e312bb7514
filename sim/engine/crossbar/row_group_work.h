// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/engine/crossbar/kernels/wave_activity.h"
#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/terms/adc_scan.h"
#include "sim/terms/work.h"

namespace squeezebar {

/// Counters of a row group whose crossbars are read as a whole.
enum RowGroupCounter { kBitCycles = kWaves + 1, kSkipped, kClipped, kOnes };

/// Counters of one that is read by operation units (OUs), behind the first three.
enum OperationUnitCounter { kSlots = kOnes, kReads, kDrives, kColumns };

/// Of the columns that are converted where operation units are read.
inline int column_counter(AdcScan scan) { return kColumns + static_cast<int>(scan); }

/// Tally of conversions by the bound of the sums that the ADCs of their crossbar meet.
inline constexpr const char* kConversionsByBound = "conversions_by_bound";

/// Their names by number.
std::vector<std::string> row_group_counters(bool operation_units);

/// Whether a layer is read by operation units; all its row groups are, or none.
bool reads_operation_units(const LayerMapping& mapping);

/// What the row groups of a layer count, and what is the same in all their waves. `stream_lengths`: of each
/// row group, in bit-cycles. The ADCs' transfers must be programmed: where none can clip, nothing is kept of
/// clipping.
std::shared_ptr<const WorkLayout> row_group_work(const LayerMapping& mapping,
                                                 std::span<const int> stream_lengths, bool skip_zeros,
                                                 int waves);

/// Writes what a row group did for a wave.
void note_work(const WaveActivity& activity, bool operation_units, int lane, int wave, WorkTable& work);

}  // namespace squeezebar
