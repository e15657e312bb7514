// SPDX-License-Identifier: Apache-2.0
#include "models/shift_add/shift_add_module.h"

namespace squeezebar {

ShiftAdd::ShiftAdd(const sc_core::sc_module_name& name, std::uint64_t per_bit_cycle, AdcScan scan)
    : BitCycleUnit(name, Action::shift_add_op), per_bit_cycle_(per_bit_cycle), scan_(scan) {}

void ShiftAdd::execute(const WaveActivity& activity) {
  count(activity.bit_cycles * per_bit_cycle_ + activity.ou_conversions(scan_));
}

}  // namespace squeezebar
