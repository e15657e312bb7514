// SPDX-License-Identifier: Apache-2.0
#include "models/mux/mux.h"

#include "models/cost_fields.h"
#include "models/crossbar/crossbar.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<MuxParams> schema() {
  return Schema<MuxParams>("Multiplexers that feed the held samples of a crossbar's columns to its ADCs.")
      .field("per_crossbar", &MuxParams::per_crossbar, instance_count("Multiplexers of one crossbar."));
}

/// A chip without multiplexers has no size to follow.
double columns_of_one(const Config& config) {
  const MuxParams& mux = config.get<MuxParams>();
  if (mux.per_crossbar == 0) return mux.cost_columns;
  return static_cast<double>(config.get<CrossbarParams>().columns) / mux.per_crossbar;
}

const RegisterComponent<MuxParams> component{
    "mux",
    schema(),
    {.energy_key = "energy_per_sample",
     .energy_doc = "Energy of switching one held sample to an ADC.",
     .actions = {{"select", "one sample switched to an ADC"}},
     .sizes = {cost_property<MuxParams>(
         "cost_columns", &MuxParams::cost_columns,
         {.min = 1,
          .max = 65536,
          .doc = "Columns served by the multiplexer that power, area and leakage are given for."},
         "crossbar.columns / mux.per_crossbar", columns_of_one)},
     .sized = {.power = true, .leakage = true, .area = true},
     .source = "a column more is a switch more",
     .assumption = true}};

}  // namespace
}  // namespace squeezebar
