// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/config.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// A property of the component that a price was given for, beside the one that the config has.
struct PricedProperty {
  std::string key;       ///< where the price says it, e.g. "crossbar.cost_rows"
  std::string property;  ///< as a reader knows it, e.g. "crossbar.rows"
  Dimension dimension = Dimension::none;
  std::function<double(const Config&)> priced;      ///< 0: not said
  std::function<double(const Config&)> configured;  ///< what the price is used for
};

/// Which numbers of a price grow in proportion to the component's size.
struct SizedNumbers {
  bool energy = false;
  bool power = false;
  bool leakage = false;
  bool area = false;
};

/// How the price of one instance of a component follows its size.
struct CostRule {
  std::string section;
  std::string energy_key;             ///< of energy per action
  std::string instances;              ///< how many there are, where that is what follows a geometry
  std::vector<PricedProperty> sizes;  ///< the price is in proportion to their product
  SizedNumbers sized;
  std::vector<PricedProperty> fixed;                         ///< change no number
  std::string source;                                        ///< of the rule
  bool assumption = false;                                   ///< no source says how the price grows
  std::function<const ComponentCost&(const Config&)> price;  ///< as it was given

  /// What the sized numbers are multiplied by; exactly 1 at the size that the price was given for.
  [[nodiscard]] double factor(const Config& config) const;
  /// The keys of the numbers that follow the size.
  [[nodiscard]] std::vector<std::string> sized_keys() const;
  /// The rule in a sentence, with its source, marked if it is an assumption.
  [[nodiscard]] std::string sentence() const;
};

/// Every rule, sorted by section.
std::vector<const CostRule*> cost_rules();
/// The rule of a section, or nullptr.
const CostRule* find_cost_rule(std::string_view section);

/// The price of one instance of the section's component at its configured size.
ComponentCost sized_cost(const Config& config, std::string_view section);

/// A component of the chip and its price at its configured size.
struct UsedPrice {
  std::string section;
  ComponentCost cost;
};

/// What a reader must know of prices that are not as they were given: which ones follow a size, and which
/// ones belong to something else than the config has.
std::vector<std::string> cost_notes(const Config& config, const std::vector<UsedPrice>& used, Length node);

namespace detail {
void register_cost_rule(CostRule rule);
}  // namespace detail

}  // namespace squeezebar
