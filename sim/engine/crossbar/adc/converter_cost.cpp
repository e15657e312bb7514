// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/converter_cost.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "models/technology/technology.h"
#include "sim/terms/adc_transfer.h"
#include "sim/terms/cost_rule.h"

namespace squeezebar {
namespace {

ConverterCost adc_cost(const Config& config, const AdcModel& model, int bits) {
  const double leakage_share = config.get<AdcParams>().leakage_share;
  ComponentCost cost = model.cost(bits, config.get<TechnologyParams>().node);
  cost.leakage = cost.leakage + cost.power * leakage_share;
  cost.energy = cost.energy * (1.0 - leakage_share);
  return {cost, bits};
}

/// Of the fewest bits above one that the model has; nothing if it has none.
std::optional<ConverterCost> smallest_adc(const Config& config, const AdcModel& model) {
  for (int bits = 2; bits <= kMaxAdcBits; ++bits) {
    try {
      return adc_cost(config, model, bits);
    } catch (const std::invalid_argument&) {
      continue;  // a series may begin above
    }
  }
  return std::nullopt;
}

}  // namespace

ConverterCost converter_cost(const Config& config, const AdcModel& model, int bits) {
  if (bits == 0) return {};
  if (bits > 1 || config.get<AdcParams>().one_bit == OneBitConverter::model)
    return adc_cost(config, model, bits);
  ConverterCost out{sized_cost(config, "sense_amplifier"), 0};
  const std::optional<ConverterCost> adc = smallest_adc(config, model);
  if (!adc) return out;
  ComponentCost& cost = out.cost;
  if (adc->cost.energy < cost.energy) {
    out.adc_bits = adc->adc_bits;
    cost.extrapolated = adc->cost.extrapolated;
  }
  cost.energy = std::min(cost.energy, adc->cost.energy);
  cost.power = std::min(cost.power, adc->cost.power);
  cost.leakage = std::min(cost.leakage, adc->cost.leakage);
  cost.area = std::min(cost.area, adc->cost.area);
  return out;
}

int one_bit_adc(const Config& config, const AdcModel& model) {
  if (config.get<AdcParams>().one_bit == OneBitConverter::model) return 1;
  return converter_cost(config, model, 1).adc_bits;
}

}  // namespace squeezebar
