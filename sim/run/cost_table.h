// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/base/config.h"
#include "sim/energy/cost_table.h"
#include "sim/energy/peak.h"

namespace squeezebar {

/// Parts of the chip that are there only as far as the mapping of its network needs them.
struct FittedParts {
  std::int64_t index_bits = 0;  ///< of index memory, over all replicas
  bool row_conversion = false;  ///< some row group is squeezed
};

/// Prices every component of the configured chip, whose ADCs have `adc_bits` bits. Throws UserError if the
/// ADC model knows no cost for them.
CostTable cost_table(const Config& config, int adc_bits, const FittedParts& fitted = {});

/// The configured chip as peak figures see it. `bit_sliced` and `pairs` are those of the mapping.
PeakMachine peak_machine(const Config& config, int adc_bits, bool bit_sliced, bool pairs);

}  // namespace squeezebar
