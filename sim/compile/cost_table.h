// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/energy/cost_table.h"
#include "sim/energy/peak.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"

namespace squeezebar {

/// Parts of the chip that are there only as far as the mapping of its network needs them.
struct FittedParts {
  std::int64_t index_bits = 0;  ///< of index memory, over all replicas
  bool row_conversion = false;  ///< some row group is squeezed
};

/// What the ADCs of a chip cost.
struct AdcPrices {
  ComponentCost each;                    ///< of one ADC, the mean over the chip's
  std::map<int, Energy> per_conversion;  ///< by resolution
  bool extrapolated = false;             ///< some resolution is outside the model's range
};

/// Prices by a model; throws std::invalid_argument for a resolution that it knows nothing about.
AdcPrices adc_prices(const Config& config, const AdcModel& model, const AdcResolutions& adcs);

/// Prices every component of the configured chip. Throws UserError if the ADC model knows no cost for its
/// ADCs.
CostTable cost_table(const Config& config, const AdcResolutions& adcs, const FittedParts& fitted = {});

/// What a reader must know of these prices: which ones follow a size, and which ones hold for something else
/// than the config has.
std::vector<std::string> cost_notes(const Config& config, const CostTable& costs);

/// The configured chip as peak figures see it. `bit_sliced` and `pairs` are those of the mapping.
PeakMachine peak_machine(const Config& config, int adc_bits, bool bit_sliced, bool pairs);

}  // namespace squeezebar
