// SPDX-License-Identifier: Apache-2.0
#include "models/mux/mux.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<MuxParams> schema() {
  return with_cost(
      Schema<MuxParams>("Multiplexers that feed the held samples of a crossbar's columns to its ADCs.")
          .field("per_crossbar", &MuxParams::per_crossbar, instance_count("Multiplexers of one crossbar.")),
      "energy_per_sample", "Energy of switching one held sample to an ADC.");
}

const RegisterSection<MuxParams> section{"mux", schema()};

}  // namespace
}  // namespace squeezebar
