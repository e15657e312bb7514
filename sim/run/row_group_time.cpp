// SPDX-License-Identifier: Apache-2.0
#include "sim/run/row_group_time.h"

#include <algorithm>

#include "models/adc/adc.h"
#include "models/chip/chip.h"
#include "models/crossbar/crossbar.h"

namespace squeezebar {

int scanned_per_bit_cycle(const Config& config, const MappedGroup& group) {
  int widest = 0;
  for (const ProgrammedArray& array : group.program.arrays) {
    for (const ColumnGroup& columns : array.column_groups) widest = std::max(widest, columns.scanned_columns);
  }
  if (group.program.ou_rows > 0) return widest;
  for (const ArrayFacts& facts : group.facts) {
    if (!facts.allocated || !facts.counted) continue;
    widest = std::max(
        widest, scanned_columns(facts, config.get<AdcParams>().scan, config.get<CrossbarParams>().columns));
  }
  return widest;
}

BitCycleTime bit_cycle_of(const Config& config, const Hardware& hardware, const MappedGroup& group) {
  const AdcParams& adc = config.get<AdcParams>();
  const int scanned = scanned_per_bit_cycle(config, group);
  return bit_cycle_time(config.get<CrossbarParams>().read_time,
                        (scanned + adc.per_crossbar - 1) / adc.per_crossbar,
                        config.variant<AdcModel>().timing(hardware.adc_bits, adc.rate).rate,
                        config.get<ChipParams>().clock, config.get<SampleHoldParams>().overlap);
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
