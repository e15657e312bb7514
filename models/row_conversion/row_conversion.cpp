// SPDX-License-Identifier: Apache-2.0
#include "models/row_conversion/row_conversion.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<RowConversionParams> schema() {
  return Schema<RowConversionParams>(
             "Aligns the inputs of squeezed row groups on their way from tile buffer to input register: a "
             "row's "
             "mask says by how many bits its input is shifted up and how many zeros precede it; part of the "
             "chip only where a row group is squeezed.")
      .field("per_element", &RowConversionParams::per_element,
             instance_count("Input aligners of one processing element."));
}

const RegisterComponent<RowConversionParams> component{
    "row_conversion",
    schema(),
    {.energy_key = "energy_per_word",
     .energy_doc = "Energy of aligning one input word of a squeezed row group, without reading its mask "
                   "(index_memory).",
     .actions = {{"align", "one input word of a squeezed row group aligned"}}}};

}  // namespace
}  // namespace squeezebar
