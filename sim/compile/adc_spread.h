// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/config.h"
#include "sim/compile/cost_table.h"
#include "sim/energy/account.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"

namespace squeezebar {

/// What ADCs cost by one registered model.
struct AdcModelPrices {
  std::string name;
  std::optional<AdcPrices> prices;
  int one_bit = 0;     ///< resolution of the ADC whose energy one bit costs; 0: a sense amplifier's
  std::string absent;  ///< why there are no prices
};

/// Every registered model, sorted by name. The config's own has its configured parameters, every other one
/// its defaults, so that its prices are the same whichever model the config has; what the section `adc` says
/// of ADCs of any model holds for all.
std::vector<AdcModelPrices> prices_by_adc_model(const Config& config, const AdcResolutions& adcs);

/// What the counted actions would cost with the ADC costs of every registered model that has some for
/// `adc_bits`: name and joules, sorted by name. Published ADC costs differ by far more than most results that
/// are built on them, so one figure alone says little.
std::vector<std::pair<std::string, double>> energy_by_adc_model(const Config& config,
                                                                const AdcResolutions& adcs,
                                                                const CostTable& costs,
                                                                const std::vector<LayerCounts>& counts,
                                                                Time length);

}  // namespace squeezebar
