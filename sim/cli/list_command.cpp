// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/config.h"
#include "sim/base/unit_table.h"
#include "sim/cli/command.h"
#include "sim/cli/figure_names.h"
#include "sim/cli/sweep_choices.h"
#include "sim/engine/crossbar/kernels/crossbar_kernel.h"
#include "sim/report/text_table.h"
#include "sim/report/writer.h"
#include "sim/terms/actions.h"
#include "sim/terms/cost_rule.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct Item {
  std::string name;
  std::string summary;
};
using Items = std::vector<Item>;
using Kinds = std::map<std::string, std::function<Items()>>;

template <class Interface>
Items registered() {
  Items out;
  for (const auto& [name, entry] : Registry<Interface>::instance()) out.push_back({name, entry.summary});
  return out;
}

Items sections() {
  Items out;
  for (const SectionInfo* section : config_sections()) out.push_back({section->name, section->summary()});
  return out;
}

Items variants_of(const VariantTable& variants) {
  Items out;
  for (const std::string& name : variants.names()) out.push_back({name, variants.schema(name)->summary()});
  return out;
}

Items actions() {
  Items out;
  for (const ActionInfo& action : squeezebar::actions())
    out.push_back({fmt::format("{}.{}", action.component, action.name), action.what});
  return out;
}

Items costs() {
  Items out;
  for (const CostRule* rule : cost_rules()) out.push_back({rule->section, rule->sentence()});
  return out;
}

Items units() {
  Items out;
  for (const UnitName& unit : all_units()) {
    out.push_back(
        {std::string(unit.name), fmt::format("{}^{} {}", unit.base, unit.exponent, si_unit(unit.dimension))});
  }
  return out;
}

/// Numbers alone: what a search can aim at.
Items figures() {
  Items out;
  for (const TableColumn& column : figure_columns()) {
    if (column.is_number) out.push_back({column.name, column.unit});
  }
  return out;
}

Items kernels() {
  Items out;
  const std::string selected = selected_kernel_variant();
  for (const std::string& name : kernel_variants()) out.push_back({name, name == selected ? "in use" : ""});
  return out;
}

/// Everything that can be listed: what the program has registered, the models of every section that has some,
/// and what a sweep chooses from.
Kinds kinds() {
  Kinds out{{"actions", actions},
            {"commands", registered<Command>},
            {"costs", costs},
            {"figures", figures},
            {"kernels", kernels},
            {"operators", registered<Operator>},
            {"report", registered<ReportWriter>},
            {"sections", sections},
            {"units", units}};
  for (const SectionInfo* section : config_sections()) {
    if (section->is_variant()) out[section->name] = [section] { return variants_of(*section->variants); };
  }
  for (const SweepChoice& choice : sweep_choices())
    out[choice.name] = [variants = choice.variants] { return variants_of(*variants); };
  return out;
}

std::string items_text(const Items& items, const std::string& indent) {
  TextTable table({Align::left, Align::left});
  for (const Item& item : items) table.row({item.name, item.summary});
  return table.text(indent);
}

nlohmann::ordered_json items_json(const Items& items) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const Item& item : items) out[item.name] = item.summary;
  return out;
}

class ListCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"KIND", false}}; }

  std::string details() const override {
    return "KIND is a section with models (adc, mapping, noc, ...), or actions, commands, costs, figures, "
           "kernels, operators,\n"
           "report, sections, sweep.engine, sweep.sampler, sweep.table or units; without it, everything is "
           "listed.\n\n"
           "  squeezebar list\n"
           "  squeezebar list adc --json\n";
  }

  int run(const Invocation& invocation) const override {
    const Kinds all = kinds();
    const std::string kind = invocation.get<std::string>("KIND");
    if (!kind.empty() && all.count(kind) == 0) unknown(kind, all);
    std::string text;
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (const auto& [name, items] : all) {
      if (!kind.empty() && name != kind) continue;
      json[name] = items_json(items());
      text += kind.empty()
                  ? fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", name, items_text(items(), "  "))
                  : items_text(items(), "");
    }
    invocation.console.result(invocation.console.json() ? json.dump(2) + "\n" : text);
    return 0;
  }

 private:
  [[noreturn]] static void unknown(const std::string& kind, const Kinds& all) {
    std::vector<std::string> names;
    for (const auto& [name, items] : all) names.push_back(name);
    throw UserError(Place{"squeezebar list", 0, 0}, "",
                    fmt::format("there is no kind '{}'; choose one of {}{}", kind, join_names(names),
                                did_you_mean(kind, names)));
  }
};

const Register<Command> reg{
    "list", "Lists what there is to choose from: models, operators, reports, actions, sections, engines.",
    [] { return std::make_unique<ListCommand>(); }};

}  // namespace
}  // namespace squeezebar
