// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Adds codes over input bits, each shifted by the significance of its bit.
class ShiftAdd final : public BitCycleUnit {
 public:
  ShiftAdd(const sc_core::sc_module_name& name, std::uint64_t per_bit_cycle, AdcScan scan);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t per_bit_cycle_;
  AdcScan scan_;
};

}  // namespace squeezebar
