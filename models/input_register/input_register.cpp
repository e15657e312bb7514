// SPDX-License-Identifier: Apache-2.0
#include "models/input_register/input_register.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<InputRegisterParams> schema() {
  return with_size(
      Schema<InputRegisterParams>(
          "Registers that hold the input words of a processing element while their bits are streamed.")
          .field("per_element", &InputRegisterParams::per_element,
                 instance_count("Input registers of one processing element.")));
}

const RegisterComponent<InputRegisterParams> component{
    "input_register", schema(),
    register_cost<InputRegisterParams>("input_register", "Energy of writing or reading one byte.",
                                       "one byte written to or read from an input register")};

}  // namespace
}  // namespace squeezebar
