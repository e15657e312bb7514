// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/adc_spread.h"

#include <memory>
#include <optional>
#include <stdexcept>

#include "models/adc/adc.h"
#include "sim/base/registry.h"
#include "sim/compile/cost_table.h"
#include "sim/engine/crossbar/adc/converter_cost.h"

namespace squeezebar {
namespace {

AdcModelPrices prices_with(const std::string& name, const Config& config, const AdcModel& model,
                           const AdcResolutions& adcs) {
  const int one_bit = one_bit_adc(config, model);
  return {.name = name, .prices = adc_prices(config, model, adcs), .one_bit = one_bit, .absent = {}};
}

/// Without prices if the model has no cost for these bits.
AdcModelPrices prices_of(const std::string& name, const Config& config, const AdcResolutions& adcs) {
  try {
    // Keys of the config's own model describe that one alone, even where others have keys of the same names.
    if (name == config.model("adc")) return prices_with(name, config, config.variant<AdcModel>(), adcs);
    return prices_with(name, config, *Registry<AdcModel>::instance().create(name), adcs);
  } catch (const std::invalid_argument& error) {
    return {.name = name, .prices = std::nullopt, .one_bit = 0, .absent = error.what()};
  }
}

}  // namespace

std::vector<AdcModelPrices> prices_by_adc_model(const Config& config, const AdcResolutions& adcs) {
  std::vector<AdcModelPrices> out;
  for (const std::string& name : Registry<AdcModel>::instance().names())
    out.push_back(prices_of(name, config, adcs));
  return out;
}

std::vector<std::pair<std::string, double>> energy_by_adc_model(const Config& config,
                                                                const AdcResolutions& adcs,
                                                                const CostTable& costs,
                                                                const std::vector<LayerCounts>& counts,
                                                                Time length) {
  std::vector<std::pair<std::string, double>> out;
  for (const AdcModelPrices& model : prices_by_adc_model(config, adcs)) {
    if (!model.prices) continue;
    CostTable table = costs;
    PricedComponent& adc = table.at("adc");
    adc.cost = model.prices->each;
    adc.energy_by_size = model.prices->per_conversion;
    out.emplace_back(model.name, account(table, counts, length).total.si());
  }
  return out;
}

}  // namespace squeezebar
