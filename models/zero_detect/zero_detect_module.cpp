// SPDX-License-Identifier: Apache-2.0
#include "models/zero_detect/zero_detect_module.h"

namespace squeezebar {

ZeroDetect::ZeroDetect(const sc_core::sc_module_name& name) : BitCycleUnit(name, Action::zero_detect_check) {}

void ZeroDetect::execute(const WaveActivity& activity) {
  count(std::uint64_t{activity.bit_cycles} + activity.skipped);
}

}  // namespace squeezebar
