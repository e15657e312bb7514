// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/schema.h"
#include "sim/terms/actions.h"
#include "sim/terms/cost_rule.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// A property of the component that a price states beside its numbers.
template <class P>
struct CostProperty {
  std::string key;       ///< of the component's section
  std::string property;  ///< of the config that it is compared with
  Dimension dimension = Dimension::none;
  std::function<void(Schema<P>&)> declare;
  std::function<double(const P&)> priced;
  std::function<double(const Config&)> configured;
};

/// What a component declares of its price; see CostRule for what the parts mean.
template <class P>
struct CostDeclaration {
  std::string energy_key;
  std::string energy_doc;
  /// What one instance does for that energy: name of the action, what one is.
  std::vector<std::pair<std::string, std::string>> actions{};
  std::string instances{};
  std::vector<CostProperty<P>> sizes{};
  SizedNumbers sized{};
  std::vector<CostProperty<P>> fixed{};
  std::string source{};
  bool assumption = false;
};

namespace detail {

inline double cost_number(double value) { return value; }
template <Dimension D>
double cost_number(Quantity<D> value) {
  return value.si();
}
template <class T>
constexpr Dimension cost_dimension = Dimension::none;
template <Dimension D>
constexpr Dimension cost_dimension<Quantity<D>> = D;

}  // namespace detail

/// A property of which the price states the value that it was given for, as the field `key`.
template <class P, class T, class B>
requires std::derived_from<P, B> CostProperty<P> cost_property(
    std::string key, T B::*member, FieldOptions<std::type_identity_t<T>> options, std::string property,
    std::function<double(const Config&)> configured) {
  options.affects = Affects::accounting;
  const auto declare = [key, member, options](Schema<P>& schema) { schema.field(key, member, options); };
  const auto priced = [member](const P& params) { return detail::cost_number(params.*member); };
  return {std::move(key), std::move(property),  detail::cost_dimension<T>, declare,
          priced,         std::move(configured)};
}

/// The options of a field that says how many instances of a component there are.
inline FieldOptions<int> instance_count(std::string doc) {
  return {.min = 0, .max = 65536, .doc = std::move(doc), .affects = Affects::accounting};
}

/// The options of a field that holds a capacity which only the price depends on.
inline FieldOptions<Capacity> priced_capacity(std::string doc) {
  return {.min = 1_B, .max = 1024_GB, .doc = std::move(doc), .affects = Affects::accounting};
}

/// The options of the field `cost_node`, the process that a price holds for.
inline FieldOptions<Length> process_of_price() {
  return {.def = Length(),
          .min = 0,
          .max = 10_um,
          .doc =
              "Feature size of the process that the price holds for, 0 if it is not known; the price does "
              "not follow `technology.node`.",
          .affects = Affects::accounting};
}

/// Completes the schema of a component's parameters with the fields that price one instance: energy and area
/// are required, because a component that costs nothing must say so, and so are the sizes that a price holds
/// for; power and leakage default to none.
template <class P>
requires std::derived_from<P, ComponentCost> Schema<P> with_cost(Schema<P> schema,
                                                                 const CostDeclaration<P>& cost) {
  schema.field(cost.energy_key, &ComponentCost::energy,
               {.min = 0, .max = 1_J, .doc = cost.energy_doc, .affects = Affects::accounting});
  schema.field(
      "power", &ComponentCost::power,
      {.def = 0_W,
       .min = 0,
       .max = 1000_W,
       .doc = "Nameplate power of one instance at full activity, leakage included; for peak figures only.",
       .affects = Affects::accounting});
  schema.field("area", &ComponentCost::area,
               {.min = 0, .max = 10000_mm2, .doc = "Area of one instance.", .affects = Affects::accounting});
  schema.field("leakage", &ComponentCost::leakage,
               {.def = 0_W,
                .min = 0,
                .max = 1000_W,
                .doc = "Power that one instance draws all the time, used or not.",
                .affects = Affects::accounting});
  for (const CostProperty<P>& size : cost.sizes) size.declare(schema);
  for (const CostProperty<P>& property : cost.fixed) property.declare(schema);
  schema.field("cost_node", &ComponentCost::node, process_of_price());
  return schema;
}

/// Registers how the price of a section declared with P follows its size.
template <class P>
class RegisterCost {
 public:
  RegisterCost(const std::string& section, const CostDeclaration<P>& cost) {
    CostRule rule;
    rule.section = section;
    rule.energy_key = cost.energy_key;
    rule.instances = cost.instances;
    rule.sizes = erased(section, cost.sizes);
    rule.sized = cost.sized;
    rule.fixed = erased(section, cost.fixed);
    rule.source = cost.source;
    rule.assumption = cost.assumption;
    rule.price = [](const Config& config) -> const ComponentCost& { return config.get<P>(); };
    detail::register_cost_rule(std::move(rule));
    for (const auto& [name, what] : cost.actions) RegisterAction(section, name, what);
  }

 private:
  static std::vector<PricedProperty> erased(const std::string& section,
                                            const std::vector<CostProperty<P>>& properties) {
    std::vector<PricedProperty> out;
    for (const CostProperty<P>& one : properties) {
      out.push_back({section + "." + one.key, one.property, one.dimension,
                     [priced = one.priced](const Config& config) { return priced(config.get<P>()); },
                     one.configured});
    }
    return out;
  }
};

/// Declares the section of a component: its own parameters, its price, and how the price follows its size.
///
///     const RegisterComponent<PoolParams> component{
///         "pool", Schema<PoolParams>("...").field(...), {.energy_key = "energy_per_op", ...}};
template <class P>
class RegisterComponent {
 public:
  RegisterComponent(const std::string& section, Schema<P> schema, const CostDeclaration<P>& cost)
      : section_(section, with_cost(std::move(schema), cost)), cost_(section, cost) {}

 private:
  RegisterSection<P> section_;
  RegisterCost<P> cost_;
};

}  // namespace squeezebar
