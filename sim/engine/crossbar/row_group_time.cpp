// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/row_group_time.h"

#include <algorithm>
#include <set>
#include <utility>

#include "models/adc/adc.h"
#include "models/chip/chip.h"
#include "models/crossbar/crossbar.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"

namespace squeezebar {

int scanned_per_bit_cycle(const Config& config, const MappedGroup& group) {
  const AdcScan scan = config.get<AdcParams>().scan;
  int widest = 0;
  for (const ProgrammedArray& array : group.program.arrays) {
    for (const ColumnGroup& columns : array.column_groups)
      widest = std::max(widest, scanned_columns(columns, scan));
  }
  if (group.program.ou_rows > 0) return widest;
  for (const ArrayFacts& facts : group.facts) {
    if (!facts.allocated || !facts.counted) continue;
    widest = std::max(widest, scanned_columns(facts, scan, config.get<CrossbarParams>().columns));
  }
  return widest;
}

namespace {

BitCycleTime time_of(const Config& config, int scanned, int bits) {
  const int adcs = config.get<AdcParams>().per_crossbar;
  return bit_cycle_time(config.get<CrossbarParams>().read_time, (scanned + adcs - 1) / adcs,
                        conversion_rate(config, bits), config.get<ChipParams>().clock,
                        config.get<SampleHoldParams>().overlap);
}

}  // namespace

BitCycleTime bit_cycle_of(const Config& config, const MappedGroup& group) {
  if (group.program.ou_rows > 0)
    return time_of(config, scanned_per_bit_cycle(config, group), group.adcs.front().bits);
  // The row group's crossbars go in lock step: the slowest one sets the pace.
  BitCycleTime slowest;
  std::set<std::pair<int, int>> seen;  // most crossbars are alike
  for (std::size_t a = 0; a < group.facts.size(); ++a) {
    const ArrayFacts& facts = group.facts[a];
    if (!facts.allocated || !facts.counted) continue;
    const int scanned =
        scanned_columns(facts, config.get<AdcParams>().scan, config.get<CrossbarParams>().columns);
    if (!seen.emplace(scanned, group.adcs[a].bits).second) continue;
    const BitCycleTime time = time_of(config, scanned, group.adcs[a].bits);
    if (time.length > slowest.length ||
        (time.length == slowest.length && time.conversion_time > slowest.conversion_time))
      slowest = time;
  }
  return slowest;
}

int stream_length(const Quantisation& input, const CrossbarGeometry& geometry, const MappedGroup& group) {
  return (input.bits + group.program.shift_bits + geometry.dac_bits - 1) / geometry.dac_bits;
}

int most_steps(const MappedGroup& group) {
  if (group.program.ou_rows == 0) return 1;
  int busiest = 0;
  for (const ProgrammedArray& array : group.program.arrays) {
    int units = 0;
    for (const ColumnGroup& columns : array.column_groups)
      units += (columns.cells.rows() + group.program.ou_rows - 1) / group.program.ou_rows;
    busiest = std::max(busiest, units);
  }
  return busiest;
}

}  // namespace squeezebar
