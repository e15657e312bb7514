// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/row_pipeline/bit_cycle_unit_module.h"

namespace squeezebar {

/// Aligns one wave's input words by the row conversion masks (RCMR; SME, arXiv 2103.01705, section IV-B):
/// mask set, shifted up by x bits; mask clear, x zeros in front. Every mapped row of a squeezed row group
/// passes through it, once per wave; row groups that are not squeezed have none. Hidden in the fetch stage.
class RowConversion final : public BitCycleUnit {
 public:
  RowConversion(const sc_core::sc_module_name& name, std::uint64_t words_per_wave);
  void execute(const WaveActivity& activity) override;

 private:
  std::uint64_t words_per_wave_;
};

}  // namespace squeezebar
