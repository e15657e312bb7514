// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Tests the aligned input bits of a row group before each bit-cycle, executed or skipped: all that a skipped
/// bit-cycle costs. It looks ahead while the bit-cycle before is executed, so it takes no time.
class ZeroDetect final : public BitCycleUnit {
 public:
  explicit ZeroDetect(const sc_core::sc_module_name& name);
  void execute(const WaveActivity& activity) override;
};

}  // namespace squeezebar
