// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/row_group_work.h"

#include <algorithm>
#include <vector>

namespace squeezebar {
namespace {

Count as_count(std::int64_t n) { return static_cast<Count>(n); }

/// The most that row groups can count in one bit-cycle.
struct Most {
  Count ones = 0;
  Count clipped = 0;
  Count slots = 0;
  Count reads = 0;
  Count drives = 0;
  std::array<Count, 3> columns{};  ///< by AdcScan

  void widen(const Most& other) {
    ones = std::max(ones, other.ones);
    clipped = std::max(clipped, other.clipped);
    slots = std::max(slots, other.slots);
    reads = std::max(reads, other.reads);
    drives = std::max(drives, other.drives);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = std::max(columns[i], other.columns[i]);
  }
};

/// Every word line driven, every conversion clipped.
Most most_of_whole_crossbars(const MappedGroup& group) {
  Most out;
  out.ones = as_count(group.rows());
  for (const ProgrammedArray& array : group.program.arrays)
    out.clipped += array.targets.size() + (array.unit_column ? 1 : 0);
  return out;
}

Most most_of_operation_units(const MappedGroup& group) {
  Most out;
  for (const ProgrammedArray& array : group.program.arrays) {
    Count slots = 0;
    for (const ColumnGroup& columns : array.column_groups) {
      const auto lines = as_count(columns.cells.rows());
      const Count units = (lines + as_count(group.program.ou_rows) - 1) / as_count(group.program.ou_rows);
      slots += units;
      out.drives += lines;
      out.clipped += units * as_count(columns.cells.columns());
      out.columns[static_cast<std::size_t>(AdcScan::all)] += units * as_count(columns.physical_columns);
      out.columns[static_cast<std::size_t>(AdcScan::mapped)] += units * as_count(columns.cells.columns());
      out.columns[static_cast<std::size_t>(AdcScan::occupied)] += units * as_count(columns.occupied_columns);
    }
    out.reads += slots;
    out.slots = std::max(out.slots, slots);
  }
  return out;
}

/// With what a wave of one bit-cycle counts at most.
std::vector<Counter> counters(const Most& most, bool operation_units) {
  std::vector<Counter> out{{"bit_cycles", 1}, {"skipped", 1}, {"clipped", most.clipped}};
  if (!operation_units) {
    out.push_back({"ones", most.ones});
    return out;
  }
  out.push_back({"slots", most.slots});
  out.push_back({"reads", most.reads});
  out.push_back({"drives", most.drives});
  out.push_back({"columns_all", most.columns[static_cast<std::size_t>(AdcScan::all)]});
  out.push_back({"columns_mapped", most.columns[static_cast<std::size_t>(AdcScan::mapped)]});
  out.push_back({"columns_occupied", most.columns[static_cast<std::size_t>(AdcScan::occupied)]});
  return out;
}

bool never_clips(const MappedGroup& group) {
  return std::all_of(group.program.arrays.begin(), group.program.arrays.end(),
                     [](const ProgrammedArray& array) { return array.exact; });
}

}  // namespace

std::vector<std::string> row_group_counters(bool operation_units) {
  std::vector<std::string> out;
  const WorkLayout layout(counters({}, operation_units), 0, 0);
  for (const Counter& counter : layout.counters()) out.push_back(counter.name);
  return out;
}

bool reads_operation_units(const LayerMapping& mapping) {
  return !mapping.groups.empty() && mapping.groups.front().program.ou_rows > 0;
}

std::shared_ptr<const WorkLayout> row_group_work(const LayerMapping& mapping,
                                                 std::span<const int> stream_lengths, bool skip_zeros,
                                                 int waves) {
  const bool units = reads_operation_units(mapping);
  Most most;
  Count bit_cycles = 1;
  std::vector<FixedCount> fixed;
  for (std::size_t g = 0; g < mapping.groups.size(); ++g) {
    const MappedGroup& group = mapping.groups[g];
    most.widen(units ? most_of_operation_units(group) : most_of_whole_crossbars(group));
    bit_cycles = std::max(bit_cycles, as_count(stream_lengths[g]));
    const int lane = static_cast<int>(g);
    if (!skip_zeros) {
      fixed.push_back({kBitCycles, lane, as_count(stream_lengths[g])});
      fixed.push_back({kSkipped, lane, 0});
    }
    if (never_clips(group)) fixed.push_back({kClipped, lane, 0});
  }
  std::vector<Counter> all = counters(most, units);
  for (Counter& counter : all) counter.most *= bit_cycles;
  return std::make_shared<const WorkLayout>(all, static_cast<int>(mapping.groups.size()), waves, fixed);
}

void note_work(const WaveActivity& activity, bool operation_units, int lane, int wave, WorkTable& work) {
  work.set(kBitCycles, lane, wave, activity.bit_cycles);
  work.set(kSkipped, lane, wave, activity.skipped);
  work.set(kClipped, lane, wave, activity.clipped);
  if (!operation_units) {
    work.set(kOnes, lane, wave, activity.ones);
    return;
  }
  work.set(kSlots, lane, wave, activity.steps);
  work.set(kReads, lane, wave, activity.ou_reads);
  work.set(kDrives, lane, wave, activity.ou_drives);
  work.set(column_counter(AdcScan::all), lane, wave, activity.ou_all);
  work.set(column_counter(AdcScan::mapped), lane, wave, activity.ou_mapped);
  work.set(column_counter(AdcScan::occupied), lane, wave, activity.ou_occupied);
}

}  // namespace squeezebar
