// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/base/units.h"
#include "sim/report/csv.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

/// What a component does and how often a layer made it do so. Each component has at most one counted action.
struct CountedAction {
  std::string action;
  Count count = 0;
};

CountedAction counted_action(const LayerResult& layer, std::string_view component) {
  for (const ActionInfo& action : actions()) {
    if (action.component == component) return {action.name, layer.actions[action_id(component, action.name)]};
  }
  return {};
}

std::string component_rows(const ComponentEnergy& component, const RunResult& result) {
  std::string out;
  for (const LayerResult& layer : result.layers) {
    for (const ComponentEnergy& part : layer.energy) {
      if (part.component != component.component) continue;
      const CountedAction counted = counted_action(layer, part.component);
      if (counted.count == 0 && part.dynamic_j == 0.0) continue;
      out += csv_record({part.component, layer.name, counted.action, std::to_string(counted.count),
                         format_number(part.dynamic_j)});
    }
  }
  return out + csv_record({component.component, "", "leakage", "0", format_number(component.static_j)});
}

/// The rows sum to the run's energy. The row without a layer is the component's leakage and constant power
/// over the run.
class EnergyCsv final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override {
    std::string out = "component,layer,action,count,energy_j\n";
    for (const ComponentEnergy& component : result.energy) out += component_rows(component, result);
    return out;
  }
};

const Register<ReportWriter> reg{"energy.csv",
                                 "Energy by component, layer and action; the rows sum to the run's energy.",
                                 [] { return std::make_unique<EnergyCsv>(); }};

}  // namespace
}  // namespace squeezebar
