// SPDX-License-Identifier: Apache-2.0
#include "models/sample_hold/sample_hold_module.h"

namespace squeezebar {

SampleHoldBank::SampleHoldBank(const sc_core::sc_module_name& name, std::uint64_t columns, AdcScan scan)
    : BitCycleUnit(name, Action::sample_hold_sample), columns_(columns), scan_(scan) {}

void SampleHoldBank::execute(const WaveActivity& activity) {
  count(activity.bit_cycles * columns_ + activity.ou_conversions(scan_));
}

}  // namespace squeezebar
