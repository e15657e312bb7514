// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/account.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/diag.h"
#include "sim/energy/sum.h"

namespace squeezebar {
namespace {

void check_priced(const CostTable& table, const LayerCounts& layer) {
  for (const auto& [action, n] : layer.counts.all()) {
    const bool priced =
        std::any_of(table.components.begin(), table.components.end(),
                    [id = action.action](const PricedComponent& c) { return c.action == id; });
    if (!priced) {
      const ActionInfo& what = info(action.action);
      throw RunError(fmt::format("layer '{}' used {}.{}, which no component prices", layer.name,
                                 what.component, what.name));
    }
  }
}

Energy price_of(const PricedComponent& component, int size) {
  if (component.energy_by_size.empty()) return component.cost.energy;
  const auto found = component.energy_by_size.find(size);
  if (found == component.energy_by_size.end()) {
    throw RunError(
        fmt::format("{}.{} of size {} has no price", component.name, info(*component.action).name, size));
  }
  return found->second;
}

Energy dynamic_energy(const PricedComponent& component, const ActionCounts& counts) {
  if (!component.action) return {};
  Sum joules;
  for (const auto& [action, n] : counts.all()) {
    if (action.action == *component.action)
      joules += static_cast<double>(n) * price_of(component, action.size).si();
  }
  return checked(Energy(joules.value()), fmt::format("the energy of component '{}'", component.name));
}

LayerEnergy layer_energy(const CostTable& table, const LayerCounts& layer) {
  check_priced(table, layer);
  LayerEnergy result{layer.name, {}, {}};
  Sum total;
  for (const PricedComponent& component : table.components) {
    result.components.push_back(dynamic_energy(component, layer.counts));
    total += result.components.back().si();
  }
  result.total = checked(Energy(total.value()), fmt::format("the energy of layer '{}'", layer.name));
  return result;
}

ActionCounts sum_of_counts(std::span<const LayerCounts> layers) {
  ActionCounts sum;
  for (const LayerCounts& layer : layers) sum += layer.counts;
  return sum;
}

PricedEnergy component_energy(const PricedComponent& component, const ActionCounts& counts, Time latency) {
  PricedEnergy result;
  result.name = component.name;
  result.dynamic = dynamic_energy(component, counts);
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
    result.components.push_back(component_energy(component, counts, latency));
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
