// SPDX-License-Identifier: Apache-2.0
#include "models/output_register/output_register_module.h"

namespace squeezebar {

OutputRegister::OutputRegister(const sc_core::sc_module_name& name, std::uint64_t bytes)
    : BitCycleUnit(name, Action::output_register_byte), bytes_(bytes) {}

void OutputRegister::execute(const WaveActivity& activity) {
  (void)activity;
  count(2 * bytes_);
}

}  // namespace squeezebar
