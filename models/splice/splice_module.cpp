// SPDX-License-Identifier: Apache-2.0
#include "models/splice/splice_module.h"

namespace squeezebar {

Splice::Splice(const sc_core::sc_module_name& name, std::uint64_t per_bit_cycle)
    : BitCycleUnit(name, Action::splice_add), per_bit_cycle_(per_bit_cycle) {}

void Splice::execute(const WaveActivity& activity) { count(activity.bit_cycles * per_bit_cycle_); }

}  // namespace squeezebar
