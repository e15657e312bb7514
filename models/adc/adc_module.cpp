// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adc_module.h"

namespace squeezebar {

AdcBank::AdcBank(const sc_core::sc_module_name& name, std::vector<std::pair<int, std::uint64_t>> conversions,
                 std::uint64_t bit_cycles, AdcScan scan)
    : sc_module(name), conversions_(std::move(conversions)), cycles_(bit_cycles), scan_(scan) {}

void AdcBank::execute(const WaveActivity& activity) {
  bit_cycles_ += activity.bit_cycles;
  ou_conversions_ += activity.ou_conversions(scan_);
}

void AdcBank::collect(ActionCounts& counts) const {
  for (const auto& [bits, conversions] : conversions_)
    counts.add_conversions(bits, bit_cycles_ / cycles_ * conversions);
  // All arrays that are read by operation units have the same resolution.
  if (ou_conversions_ > 0) counts.add_conversions(conversions_.front().first, ou_conversions_);
}

}  // namespace squeezebar
