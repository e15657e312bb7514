// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// The ADCs of a row group. Conversions are counted by resolution.
class AdcBank final : public sc_core::sc_module, public BitCycleUnitIf {
 public:
  /// (bits, conversions of so many bit-cycles) for every resolution in the group.
  AdcBank(const sc_core::sc_module_name& name, std::vector<std::pair<int, std::uint64_t>> conversions,
          std::uint64_t bit_cycles, AdcScan scan);
  void execute(const WaveActivity& activity) override;
  void collect(ActionCounts& counts) const override;

 private:
  std::vector<std::pair<int, std::uint64_t>> conversions_;
  std::uint64_t cycles_;
  AdcScan scan_;
  std::uint64_t bit_cycles_ = 0;
  std::uint64_t ou_conversions_ = 0;
};

}  // namespace squeezebar
