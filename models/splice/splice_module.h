// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Adds the codes of bit planes (and subtracts those of the negative polarity) behind fixed shifters.
class Splice final : public BitCycleUnit {
 public:
  Splice(const sc_core::sc_module_name& name, std::uint64_t per_bit_cycle);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t per_bit_cycle_;
};

}  // namespace squeezebar
