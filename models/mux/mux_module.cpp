// SPDX-License-Identifier: Apache-2.0
#include "models/mux/mux_module.h"

namespace squeezebar {

ColumnMux::ColumnMux(const sc_core::sc_module_name& name, std::uint64_t columns, AdcScan scan)
    : BitCycleUnit(name, Action::mux_select), columns_(columns), scan_(scan) {}

void ColumnMux::execute(const WaveActivity& activity) {
  count(activity.bit_cycles * columns_ + activity.ou_conversions(scan_));
}

}  // namespace squeezebar
