// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Holds one wave's input vector: written once, read bit by bit.
class InputRegister final : public BitCycleUnit {
 public:
  InputRegister(const sc_core::sc_module_name& name, std::uint64_t vector_bytes,
                std::uint64_t bytes_per_bit_cycle);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t vector_bytes_;
  std::uint64_t bytes_per_bit_cycle_;
};

}  // namespace squeezebar
