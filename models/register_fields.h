// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "models/cost_fields.h"

namespace squeezebar {

/// A register file. The cost is that of one of `cost_size`; its energy is that of one byte.
struct RegisterParams : ComponentCost {
  Capacity size;
  Capacity cost_size;
};

/// Completes the schema of a register with its capacity, on which nothing but its price depends.
template <class P>
requires std::derived_from<P, RegisterParams> Schema<P> with_size(Schema<P> schema) {
  schema.field("size", &RegisterParams::size, priced_capacity("Capacity of one of them."));
  return schema;
}

/// What all registers declare of their price.
template <class P>
requires std::derived_from<P, RegisterParams> CostDeclaration<P> register_cost(const std::string& section,
                                                                               std::string energy_doc,
                                                                               std::string access) {
  return {.energy_key = "energy_per_byte",
          .energy_doc = std::move(energy_doc),
          .actions = {{"access", std::move(access)}},
          .sizes = {cost_property<P>("cost_size", &RegisterParams::cost_size,
                                     priced_capacity("Capacity for which power, area and leakage are given."),
                                     section + ".size",
                                     [](const Config& config) { return config.get<P>().size.si(); })},
          .sized = {.power = true, .leakage = true, .area = true},
          .source =
              "the memories of 256 B to 2 KB in PUMA's simulator (ASPLOS 2019) have area and leakage in "
              "proportion to bytes within a fifth",
          .assumption = true};
}

}  // namespace squeezebar
