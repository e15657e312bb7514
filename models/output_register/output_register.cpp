// SPDX-License-Identifier: Apache-2.0
#include "models/output_register/output_register.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<OutputRegisterParams> schema() {
  return with_cost(Schema<OutputRegisterParams>("Registers that collect the results of a processing element.")
                       .field("per_element", &OutputRegisterParams::per_element,
                              instance_count("Output registers of one processing element.")),
                   "energy_per_byte", "Energy of writing or reading one byte.");
}

const RegisterSection<OutputRegisterParams> section{"output_register", schema()};

}  // namespace
}  // namespace squeezebar
