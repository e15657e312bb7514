// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Word-line drivers of a row group: one per mapped row of each allocated crossbar.
class DacBank final : public BitCycleUnit {
 public:
  DacBank(const sc_core::sc_module_name& name, std::uint64_t arrays, std::uint64_t rows, bool charge_ones);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t arrays_;
  std::uint64_t rows_;
  bool charge_ones_;
};

}  // namespace squeezebar
