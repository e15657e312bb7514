// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Switches every held sample to an ADC.
class ColumnMux final : public BitCycleUnit {
 public:
  ColumnMux(const sc_core::sc_module_name& name, std::uint64_t columns, AdcScan scan);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t columns_;
  AdcScan scan_;
};

}  // namespace squeezebar
