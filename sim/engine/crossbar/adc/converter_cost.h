// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/adc/adc.h"
#include "sim/base/config.h"

namespace squeezebar {

/// What a converter of some resolution costs on the configured chip.
struct ConverterCost {
  ComponentCost cost;
  int adc_bits = 0;  ///< of the model's ADC whose energy that is; 0: it is none, but a sense amplifier
};

/// One bit is decided by a sense amplifier, unless the config wants an ADC for it. Where that ADC of the
/// model which has the fewest bits above one costs less, one bit costs as much as that, so that no more bits
/// ever cost less; this goes for energy, power, leakage and area each by itself. No bits cost nothing. Throws
/// std::invalid_argument for resolutions that the model knows nothing about.
ConverterCost converter_cost(const Config& config, const AdcModel& model, int bits);

/// Resolution of the model's ADC whose energy one bit costs; 0: it is a sense amplifier's.
int one_bit_adc(const Config& config, const AdcModel& model);

}  // namespace squeezebar
