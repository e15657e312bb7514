// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "tests/program_reading.h"

namespace squeezebar::test {

/// One wave of a row group that is read by operation units, term by term: what its arrays add to each channel
/// of the layer (times 256), and its counts. `x`: the wave's stored codes, [matrix rows].
inline WaveActivity slow_operation_units(const MappedGroup& group, const CrossbarGeometry& g,
                                         const Quantisation& input, const std::vector<std::int64_t>& x,
                                         std::vector<std::int64_t>& sums256) {
  const RowGroupProgram& p = group.program;
  const int cycles = (input.bits + g.dac_bits - 1) / g.dac_bits;
  WaveActivity activity;
  for (int t = 0; t < cycles; ++t) {
    const std::int64_t place =
        (input.is_signed && t == cycles - 1 ? -1 : 1) * (std::int64_t{1} << (t * g.dac_bits));
    std::uint32_t slots = 0;
    for (std::size_t a = 0; a < p.arrays.size(); ++a) {
      if (p.arrays[a].blank) continue;
      // The arrays that are read together: both polarities of a pair that counts as one.
      std::vector<const ProgrammedArray*> together{&p.arrays[a]};
      if (p.arrays[a].pair >= 0) together.push_back(&p.arrays[static_cast<std::size_t>(p.arrays[a].pair)]);
      const bool counts = p.arrays[a].pair < 0 || static_cast<std::size_t>(p.arrays[a].pair) > a;
      if (!counts) continue;
      std::uint32_t array_slots = 0;
      for (std::size_t j = 0; j < p.arrays[a].column_groups.size(); ++j) {
        const ColumnGroup& columns = p.arrays[a].column_groups[j];
        std::vector<std::size_t> active;  // word lines
        const auto drive = [&](std::size_t line) {
          const int row = p.rows[static_cast<std::size_t>(columns.lines[line])];
          return (x[static_cast<std::size_t>(row)] >> (t * g.dac_bits)) & g.full_drive();
        };
        for (std::size_t line = 0; line < columns.lines.size(); ++line) {
          if (drive(line) != 0) active.push_back(line);
        }
        activity.ou_drives += static_cast<std::uint32_t>(active.size());
        while (!active.empty()) {
          const std::size_t size = std::min(active.size(), static_cast<std::size_t>(p.ou_rows));
          ++array_slots;
          ++activity.ou_reads;
          activity.ou_all += static_cast<std::uint32_t>(scanned_columns(columns, AdcScan::all));
          activity.ou_mapped += static_cast<std::uint32_t>(scanned_columns(columns, AdcScan::mapped));
          activity.ou_occupied += static_cast<std::uint32_t>(scanned_columns(columns, AdcScan::occupied));
          for (int c = 0; c < columns.cells.columns(); ++c) {
            bool clips = false;
            for (const ProgrammedArray* array : together) {
              std::int64_t sum = 0;
              for (std::size_t i = 0; i < size; ++i)
                sum += drive(active[i]) *
                       cell_level(array->column_groups[j].cells, static_cast<int>(active[i]), c);
              const std::int64_t raw = array->adc.unsaturated(sum);
              clips = clips || raw > array->adc.max_code;
              const ColumnTarget& target = array->targets[static_cast<std::size_t>(columns.first_column + c)];
              sums256[static_cast<std::size_t>(p.first_channel + target.channel)] +=
                  place * (array->negative ? -1 : 1) *
                  (std::min<std::int64_t>(raw, array->adc.max_code) << target.shift) * array->adc.step256;
            }
            activity.clipped += clips;
          }
          active.erase(active.begin(), active.begin() + static_cast<std::ptrdiff_t>(size));
        }
      }
      slots = std::max(slots, array_slots);
    }
    ++(slots == 0 ? activity.skipped : activity.bit_cycles);
    activity.steps += slots;
  }
  return activity;
}

}  // namespace squeezebar::test
