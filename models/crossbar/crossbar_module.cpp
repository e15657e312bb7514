// SPDX-License-Identifier: Apache-2.0
#include "models/crossbar/crossbar_module.h"

namespace squeezebar {

CrossbarBank::CrossbarBank(const sc_core::sc_module_name& name, std::uint64_t arrays)
    : BitCycleUnit(name, Action::crossbar_read), arrays_(arrays) {}

void CrossbarBank::execute(const WaveActivity& activity) {
  count(activity.bit_cycles * arrays_ + activity.ou_reads);
}

}  // namespace squeezebar
