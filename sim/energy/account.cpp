// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/account.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/diag.h"
#include "sim/energy/sum.h"

namespace squeezebar {
namespace {

void check_priced(const CostTable& table, const LayerCounts& layer) {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    const auto action = static_cast<Action>(i);
    if (layer.counts[action] == 0) continue;
    const bool priced = std::any_of(table.components.begin(), table.components.end(),
                                    [action](const PricedComponent& c) { return c.action == action; });
    if (!priced) {
      throw RunError(fmt::format("layer '{}' used {}.{}, which no component prices", layer.name,
                                 kActions[i].component, kActions[i].action));
    }
  }
}

std::uint64_t checked_sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw RunError("there are too many actions to count in 64 bits");
  return sum;
}

void check_conversions(const LayerCounts& layer) {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : layer.counts.conversions_by_bits) sum = checked_sum(sum, n);
  if (sum != layer.counts[Action::adc_convert]) {
    throw RunError(fmt::format("layer '{}' made {} conversions, but {} by resolution", layer.name,
                               layer.counts[Action::adc_convert], sum));
  }
}

double conversions_price(const CostTable& table, const ActionCounts& counts) {
  Sum price;
  for (std::size_t bits = 0; bits < counts.conversions_by_bits.size(); ++bits) {
    const std::uint64_t n = counts.conversions_by_bits[bits];
    if (n == 0) continue;
    const auto energy = table.conversion_energy.find(static_cast<int>(bits));
    if (energy == table.conversion_energy.end())
      throw RunError(fmt::format("a {}-bit conversion has no price", bits));
    price += static_cast<double>(n) * energy->second.si();
  }
  return price.value();
}

Energy dynamic_energy(const CostTable& table, const PricedComponent& component, const ActionCounts& counts) {
  if (!component.action) return {};
  const double joules = component.action == Action::adc_convert
                            ? conversions_price(table, counts)
                            : static_cast<double>(counts[*component.action]) * component.cost.energy.si();
  return checked(Energy(joules), fmt::format("the energy of component '{}'", component.name));
}

LayerEnergy layer_energy(const CostTable& table, const LayerCounts& layer) {
  check_priced(table, layer);
  check_conversions(layer);
  LayerEnergy result{layer.name, {}, {}};
  Sum total;
  for (const PricedComponent& component : table.components) {
    result.components.push_back(dynamic_energy(table, component, layer.counts));
    total += result.components.back().si();
  }
  result.total = checked(Energy(total.value()), fmt::format("the energy of layer '{}'", layer.name));
  return result;
}

ActionCounts sum_of_counts(std::span<const LayerCounts> layers) {
  ActionCounts sum;
  for (const LayerCounts& layer : layers) {
    for (std::size_t i = 0; i < sum.count.size(); ++i)
      sum.count[i] = checked_sum(sum.count[i], layer.counts.count[i]);
    for (std::size_t i = 0; i < sum.conversions_by_bits.size(); ++i) {
      sum.conversions_by_bits[i] =
          checked_sum(sum.conversions_by_bits[i], layer.counts.conversions_by_bits[i]);
    }
  }
  return sum;
}

PricedEnergy component_energy(const CostTable& table, const PricedComponent& component,
                              const ActionCounts& counts, Time latency) {
  PricedEnergy result;
  result.name = component.name;
  result.dynamic = dynamic_energy(table, component, counts);
  result.leakage = checked((component.cost.leakage + component.static_power) * latency * component.instances,
                           fmt::format("the leakage of component '{}'", component.name));
  result.total = result.dynamic + result.leakage;
  return result;
}

void check_parts(const EnergyResult& result) {
  for (std::size_t i = 0; i < result.components.size(); ++i) {
    Sum over_layers;
    for (const LayerEnergy& layer : result.layers) over_layers += layer.components[i].si();
    check_sum(over_layers.value(), result.components[i].dynamic.si(),
              fmt::format("energy of component '{}' over layers", result.components[i].name));
  }
  Sum layers;
  for (const LayerEnergy& layer : result.layers) layers += layer.total.si();
  check_sum(layers.value(), result.dynamic.si(), "energy of the layers");
  check_sum(result.dynamic.si() + result.leakage.si(), result.total.si(), "dynamic energy and leakage");
}

}  // namespace

EnergyResult account(const CostTable& table, std::span<const LayerCounts> layers, Time latency) {
  check(table);
  checked(latency, "the latency");
  EnergyResult result;
  for (const LayerCounts& layer : layers) result.layers.push_back(layer_energy(table, layer));
  // Components are priced from summed counts, so that comparing them with the layers means something.
  const ActionCounts counts = sum_of_counts(layers);
  Sum dynamic;
  Sum leakage;
  Sum total;
  for (const PricedComponent& component : table.components) {
    result.components.push_back(component_energy(table, component, counts, latency));
    dynamic += result.components.back().dynamic.si();
    leakage += result.components.back().leakage.si();
    total += result.components.back().total.si();
  }
  result.dynamic = checked(Energy(dynamic.value()), "the dynamic energy");
  result.leakage = checked(Energy(leakage.value()), "the leakage energy");
  result.total = checked(Energy(total.value()), "the total energy");
  check_parts(result);
  return result;
}

}  // namespace squeezebar
