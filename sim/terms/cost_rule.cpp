// SPDX-License-Identifier: Apache-2.0
#include "sim/terms/cost_rule.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace squeezebar {
namespace {

// Function-local, because registration happens while other statics are being initialised.
std::map<std::string, CostRule, std::less<>>& rules() {
  static std::map<std::string, CostRule, std::less<>> instance;
  return instance;
}

std::string size_text(const PricedProperty& size, double value) {
  return size.dimension == Dimension::none ? format_number(value) : format_quantity(value, size.dimension);
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string properties(const CostRule& rule) {
  std::vector<std::string> names;
  for (const PricedProperty& size : rule.sizes) names.push_back(size.property);
  return joined(names, " x ");
}

std::string size_keys(const CostRule& rule) {
  std::vector<std::string> names;
  for (const PricedProperty& size : rule.sizes) names.push_back(size.key);
  return join_names(names);
}

/// What the price was given for and what it is used for: "crossbar.rows 128 -> 32, crossbar.columns 128 ->
/// 32".
std::string sizes_text(const CostRule& rule, const Config& config) {
  std::vector<std::string> out;
  for (const PricedProperty& size : rule.sizes) {
    const double then = size.priced(config);
    const double now = size.configured(config);
    if (now != then)
      out.push_back(fmt::format("{} {} -> {}", size.property, size_text(size, then), size_text(size, now)));
  }
  return joined(out, ", ");
}

std::string scaled_note(const Config& config, const std::vector<UsedPrice>& used) {
  std::vector<std::string> out;
  for (const UsedPrice& component : used) {
    const CostRule* rule = find_cost_rule(component.section);
    if (rule == nullptr || rule->factor(config) == 1.0) continue;
    out.push_back(fmt::format("{} x {} ({}{})", component.section,
                              format_rounded(rule->factor(config), Dimension::none),
                              sizes_text(*rule, config), rule->assumption ? "; an assumption" : ""));
  }
  return out.empty() ? std::string() : "prices scaled to size: " + joined(out, "; ");
}

std::string fixed_note(const Config& config, const std::vector<UsedPrice>& used, Length node) {
  std::vector<std::string> out;
  std::map<double, std::vector<std::string>> by_node;
  for (const UsedPrice& component : used) {
    if (component.cost.node.si() > 0 && component.cost.node != node)
      by_node[component.cost.node.si()].push_back(component.section);
    const CostRule* rule = find_cost_rule(component.section);
    if (rule == nullptr) continue;
    for (const PricedProperty& fixed : rule->fixed) {
      const double then = fixed.priced(config);
      const double now = fixed.configured(config);
      if (then == 0.0 || now == then) continue;
      out.push_back(fmt::format("{} is priced for {} {}, not {}", component.section, fixed.property,
                                size_text(fixed, then), size_text(fixed, now)));
    }
  }
  for (const auto& [priced, sections] : by_node) {
    out.push_back(fmt::format("{} {} priced for a technology.node of {}, not {}", join_names(sections),
                              sections.size() == 1 ? "is" : "are", format_quantity(priced, Dimension::length),
                              format_quantity(node)));
  }
  return out.empty() ? std::string() : "prices that do not follow the config: " + joined(out, "; ");
}

/// A number of the price, by its key.
struct Number {
  double si = 0.0;
  Dimension dimension = Dimension::none;
};

Number number_of(const CostRule& rule, const ComponentCost& cost, std::string_view key) {
  if (key == rule.energy_key) return {cost.energy.si(), Dimension::energy};
  if (key == "power") return {cost.power.si(), Dimension::power};
  if (key == "leakage") return {cost.leakage.si(), Dimension::power};
  return {cost.area.si(), Dimension::area};
}

const RegisterRemark remark{[](const Config& config, std::string_view key) -> std::string {
  const std::size_t dot = key.find('.');
  const CostRule* rule = find_cost_rule(key.substr(0, dot));
  if (rule == nullptr || rule->factor(config) == 1.0) return {};
  const std::string_view field = key.substr(dot + 1);
  const std::vector<std::string> keys = rule->sized_keys();
  if (std::find(keys.begin(), keys.end(), field) == keys.end()) return {};
  const Number number = number_of(*rule, sized_cost(config, rule->section), field);
  if (number.si == 0.0) return {};
  return fmt::format("scaled to {} by {}", format_quantity(number.si, number.dimension),
                     sizes_text(*rule, config));
}};

/// The keys of the numbers that follow the size, that the config gives and that are not zero.
std::vector<std::string> given_keys(const CostRule& rule, const Config& config) {
  std::vector<std::string> out = rule.sized_keys();
  std::erase_if(out, [&](const std::string& key) {
    return config.layers(rule.section + "." + key).last == 0 ||
           number_of(rule, rule.price(config), key).si == 0.0;
  });
  return out;
}

// A number that is laid over a price takes the size of the price below it, which need not be the one that its
// author had in mind.
void check_numbers(const CostRule& rule, const Config& config, Diagnostics& diagnostics) {
  if (rule.factor(config) == 1.0) return;
  for (const std::string& field : given_keys(rule, config)) {
    const std::string key = rule.section + "." + field;
    const auto below = [&](const PricedProperty& size) {
      return config.layers(size.key).last < config.layers(key).since;
    };
    const auto size = std::find_if(rule.sizes.begin(), rule.sizes.end(), below);
    if (size == rule.sizes.end()) continue;
    diagnostics.error(
        config.place(key), key,
        fmt::format("does not say for which size it holds ({} {} stands at {}); state {} "
                    "beside it",
                    size->key, config.text(size->key), config.origin(size->key), size_keys(rule)));
  }
}

// A size that is laid over a price does not tell what the price was given for.
void check_sizes(const CostRule& rule, const Config& config, Diagnostics& diagnostics) {
  for (const PricedProperty& size : rule.sizes) {
    std::vector<std::string> below;
    for (const std::string& field : given_keys(rule, config)) {
      const std::string key = rule.section + "." + field;
      if (config.layers(key).last < config.layers(size.key).since) below.push_back(key);
    }
    if (below.empty()) continue;
    diagnostics.warning(
        config.place(size.key), size.key,
        fmt::format("{}, given elsewhere for another size, {} now taken to hold for {}", join_names(below),
                    below.size() == 1 ? "is" : "are", config.text(size.key)));
  }
}

const RegisterRule price_has_its_size{[](const Config& config, Diagnostics& diagnostics) {
  for (const CostRule* rule : cost_rules()) {
    check_numbers(*rule, config, diagnostics);
    check_sizes(*rule, config, diagnostics);
  }
}};

}  // namespace

double CostRule::factor(const Config& config) const {
  double now = 1.0;
  double then = 1.0;
  for (const PricedProperty& size : sizes) {
    now *= size.configured(config);
    then *= size.priced(config);
  }
  return now / then;
}

std::vector<std::string> CostRule::sized_keys() const {
  std::vector<std::string> out;
  if (sized.energy) out.push_back(energy_key);
  if (sized.power) out.emplace_back("power");
  if (sized.area) out.emplace_back("area");
  if (sized.leakage) out.emplace_back("leakage");
  return out;
}

std::string CostRule::sentence() const {
  std::vector<std::string> out;
  if (!sizes.empty()) {
    out.push_back(fmt::format("{} of one in proportion to {}, from {}{}", join_names(sized_keys()),
                              properties(*this), size_keys(*this),
                              sized.energy ? "" : fmt::format("; {} whatever its size", energy_key)));
  }
  if (!instances.empty()) out.push_back(instances + "; the price of one does not change");
  if (out.empty()) out.emplace_back("the price has no size");
  std::vector<std::string> none;
  for (const PricedProperty& property : fixed) none.push_back(property.property);
  if (!none.empty()) out.push_back(fmt::format("{} changes no price", join_names(none)));
  std::string text = joined(out, "; ");
  if (!source.empty() || assumption)
    text += fmt::format(" ({}{}{})", assumption ? "assumption" : "",
                        assumption && !source.empty() ? ": " : "", source);
  return text + ".";
}

std::vector<const CostRule*> cost_rules() {
  std::vector<const CostRule*> out;
  for (const auto& [section, rule] : rules()) out.push_back(&rule);
  return out;
}

const CostRule* find_cost_rule(std::string_view section) {
  const auto match = rules().find(section);
  return match == rules().end() ? nullptr : &match->second;
}

ComponentCost sized_cost(const Config& config, std::string_view section) {
  const CostRule* rule = find_cost_rule(section);
  if (rule == nullptr) throw std::logic_error(fmt::format("section '{}' has no price", section));
  ComponentCost cost = rule->price(config);
  const double factor = rule->factor(config);
  if (rule->sized.energy) cost.energy = cost.energy * factor;
  if (rule->sized.power) cost.power = cost.power * factor;
  if (rule->sized.leakage) cost.leakage = cost.leakage * factor;
  if (rule->sized.area) cost.area = cost.area * factor;
  return cost;
}

std::vector<std::string> cost_notes(const Config& config, const std::vector<UsedPrice>& used, Length node) {
  std::vector<std::string> out;
  for (std::string note : {scaled_note(config, used), fixed_note(config, used, node)}) {
    if (!note.empty()) out.push_back(std::move(note));
  }
  return out;
}

namespace detail {

void register_cost_rule(CostRule rule) {
  const std::string section = rule.section;
  if (!rules().try_emplace(section, std::move(rule)).second)
    throw std::logic_error(fmt::format("section '{}' has two prices", section));
}

}  // namespace detail
}  // namespace squeezebar
