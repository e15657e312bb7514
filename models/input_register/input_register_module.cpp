// SPDX-License-Identifier: Apache-2.0
#include "models/input_register/input_register_module.h"

namespace squeezebar {

InputRegister::InputRegister(const sc_core::sc_module_name& name, std::uint64_t vector_bytes,
                             std::uint64_t bytes_per_bit_cycle)
    : BitCycleUnit(name, Action::input_register_byte),
      vector_bytes_(vector_bytes),
      bytes_per_bit_cycle_(bytes_per_bit_cycle) {}

void InputRegister::execute(const WaveActivity& activity) {
  count(vector_bytes_ + activity.bit_cycles * bytes_per_bit_cycle_);
}

}  // namespace squeezebar
