// SPDX-License-Identifier: Apache-2.0
#include "models/dac/dac_module.h"

namespace squeezebar {

DacBank::DacBank(const sc_core::sc_module_name& name, std::uint64_t arrays, std::uint64_t rows,
                 bool charge_ones)
    : BitCycleUnit(name, Action::dac_drive), arrays_(arrays), rows_(rows), charge_ones_(charge_ones) {}

void DacBank::execute(const WaveActivity& activity) {
  const std::uint64_t driven = charge_ones_ ? activity.ones : std::uint64_t{activity.bit_cycles} * rows_;
  count(driven * arrays_ + activity.ou_drives);
}

}  // namespace squeezebar
