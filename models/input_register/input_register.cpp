// SPDX-License-Identifier: Apache-2.0
#include "models/input_register/input_register.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<InputRegisterParams> schema() {
  return with_cost(
      Schema<InputRegisterParams>(
          "Registers that hold the input words of a processing element while their bits are streamed.")
          .field("per_element", &InputRegisterParams::per_element,
                 instance_count("Input registers of one processing element.")),
      "energy_per_byte", "Energy of writing or reading one byte.");
}

const RegisterSection<InputRegisterParams> section{"input_register", schema()};

}  // namespace
}  // namespace squeezebar
