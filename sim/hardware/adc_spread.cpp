// SPDX-License-Identifier: Apache-2.0
#include "sim/hardware/adc_spread.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>

#include "models/adc/adc.h"
#include "models/technology/technology.h"
#include "sim/base/registry.h"
#include "sim/hardware/cost_table.h"

namespace squeezebar {
namespace {

constexpr std::string_view kSection = "adc.";

/// The values of the config's `adc` section that a model has as well, as a YAML map.
std::string shared_parameters(const Config& config, const RecordSchema& schema) {
  std::string out = "{";
  for (const ConfigValue& value : config.values()) {
    if (value.field == nullptr || !value.key.starts_with(kSection)) continue;
    const std::string name = value.key.substr(kSection.size());
    if (schema.find(name) == nullptr) continue;
    out += (out.size() > 1 ? ", " : "") + name + ": " + value.text;
  }
  return out + "}";
}

/// None if the model has no cost for these bits, or the shared parameters do not suit it.
AdcModelPrices prices_of(const std::string& name, const Config& config, const AdcResolutions& adcs) {
  const auto& models = Registry<AdcModel>::instance();
  try {
    const auto model = models.create(name, shared_parameters(config, *models.find(name)->schema));
    return {name, adc_prices(config, *model, adcs), {}};
  } catch (const std::invalid_argument& error) {
    return {name, std::nullopt, error.what()};
  } catch (const UserError& error) {
    return {name, std::nullopt, error.diagnostics().sorted().front().message};
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
  for (const auto& [name, prices, absent] : prices_by_adc_model(config, adcs)) {
    if (!prices) continue;
    CostTable table = costs;
    const auto adc = std::find_if(table.components.begin(), table.components.end(),
                                  [](const PricedComponent& one) { return one.name == "adc"; });
    adc->cost = prices->each;
    table.conversion_energy = prices->per_conversion;
    out.emplace_back(name, account(table, counts, length).total.si());
  }
  return out;
}

}  // namespace squeezebar
