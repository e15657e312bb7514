// SPDX-License-Identifier: Apache-2.0
#include "models/splice/splice.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<SpliceParams> schema() {
  return Schema<SpliceParams>(
             "Adders that splice the codes of neighbouring bit planes or cells into one weight's product.")
      .field("per_element", &SpliceParams::per_element,
             instance_count("Splicing adders of one processing element."));
}

const RegisterComponent<SpliceParams> component{
    "splice",
    schema(),
    {.energy_key = "energy_per_add",
     .energy_doc = "Energy of adding one code of a bit plane to the code of its neighbour.",
     .actions = {{"add", "one code of a bit plane added to the code of its neighbour"}}}};

}  // namespace
}  // namespace squeezebar
