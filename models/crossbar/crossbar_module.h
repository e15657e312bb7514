// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// The allocated crossbars of a row group: planes and polarities, all read in every bit-cycle, or by
/// operation units.
class CrossbarBank final : public BitCycleUnit {
 public:
  CrossbarBank(const sc_core::sc_module_name& name, std::uint64_t arrays);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t arrays_;
};

}  // namespace squeezebar
