// SPDX-License-Identifier: Apache-2.0
#include "models/row_conversion/row_conversion_module.h"

namespace squeezebar {

RowConversion::RowConversion(const sc_core::sc_module_name& name, std::uint64_t words_per_wave)
    : BitCycleUnit(name, Action::row_conversion_word), words_per_wave_(words_per_wave) {}

void RowConversion::execute(const WaveActivity&) { count(words_per_wave_); }

}  // namespace squeezebar
