// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Holds a wave's partial sums: written by the row group, read by the reducer.
class OutputRegister final : public BitCycleUnit {
 public:
  OutputRegister(const sc_core::sc_module_name& name, std::uint64_t bytes);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t bytes_;
};

}  // namespace squeezebar
