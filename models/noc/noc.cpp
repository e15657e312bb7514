// SPDX-License-Identifier: Apache-2.0
#include "models/noc/noc.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

FieldOptions<int> ports(std::string doc) {
  return {.min = 1, .max = 65540, .doc = std::move(doc), .affects = Affects::accounting};
}

FieldOptions<int> width(std::string doc) {
  return {.min = 1, .max = 4096, .doc = std::move(doc), .affects = Affects::accounting};
}

Schema<NocParams> schema() {
  return Schema<NocParams>("The network on chip that carries feature maps from layer to layer.")
      .field("tiles_per_router", &NocParams::tiles_per_router,
             {.min = 1,
              .max = 65536,
              .doc = "Tiles that share one router; the last router may have fewer.",
              .affects = Affects::accounting})
      .field("ports", &NocParams::ports,
             {.def = 0,
              .min = 0,
              .max = 65540,
              .doc = "Ports of a router; 0: one for each of its tiles and four for its neighbours in a mesh.",
              .affects = Affects::accounting})
      .field("flit_width", &NocParams::flit_width, width("Bits of a flit, the width of a router's ports."));
}

CostDeclaration<NocParams> cost() {
  return {.energy_key = "energy_per_byte",
          .energy_doc = "Energy of carrying one byte from one layer to the next.",
          .actions = {{"transfer", "one byte moved between layers over the network on chip"}},
          .sizes = {cost_property<NocParams>(
                        "cost_ports", &NocParams::cost_ports,
                        ports("Ports of the router that power, area and leakage are given for."), "noc.ports",
                        [](const Config& config) { return config.get<NocParams>().ports_of_one(); }),
                    cost_property<NocParams>(
                        "cost_flit_width", &NocParams::cost_flit_width,
                        width("Bits of a flit of the router that power, area and leakage are given for."),
                        "noc.flit_width",
                        [](const Config& config) { return config.get<NocParams>().flit_width; })},
          .sized = {.power = true, .leakage = true, .area = true},
          .source =
              "in PUMA's simulator (ASPLOS 2019) a router of 8 ports has 2.5 times the area and leakage and "
              "3.2 times the power of one of 4",
          .assumption = true};
}

const RegisterVariantSection<NocParams, NocModel> section{
    "noc", with_cost(schema(), cost()), {.affects = Affects::timing}};
const RegisterCost<NocParams> priced{"noc", cost()};

}  // namespace
}  // namespace squeezebar
