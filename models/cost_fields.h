// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "sim/base/description.h"
#include "sim/base/schema.h"

namespace squeezebar {

/// Completes the schema of a component's parameters with the fields that price one instance: `energy_key` and
/// area are required, because a component that costs nothing must say so; power and leakage default to none.
template <class P>
requires std::derived_from<P, ComponentCost> Schema<P> with_cost(Schema<P> schema,
                                                                 const std::string& energy_key,
                                                                 const std::string& energy_doc) {
  schema.field(energy_key, &ComponentCost::energy,
               {.min = 0, .max = 1_J, .doc = energy_doc, .affects = Affects::accounting});
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
  return schema;
}

/// The options of a field that says how many instances of a component there are.
inline FieldOptions<int> instance_count(std::string doc) {
  return {.min = 0, .max = 65536, .doc = std::move(doc), .affects = Affects::accounting};
}

}  // namespace squeezebar
