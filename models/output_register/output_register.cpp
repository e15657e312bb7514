// SPDX-License-Identifier: Apache-2.0
#include "models/output_register/output_register.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<OutputRegisterParams> schema() {
  return with_size(Schema<OutputRegisterParams>("Registers that collect the results of a processing element.")
                       .field("per_element", &OutputRegisterParams::per_element,
                              instance_count("Output registers of one processing element.")));
}

const RegisterComponent<OutputRegisterParams> component{
    "output_register", schema(),
    register_cost<OutputRegisterParams>("output_register", "Energy of writing or reading one byte.",
                                        "one byte written to or read from an output register")};

}  // namespace
}  // namespace squeezebar
