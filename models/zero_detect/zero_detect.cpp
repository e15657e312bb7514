// SPDX-License-Identifier: Apache-2.0
#include "models/zero_detect/zero_detect.h"

#include "models/cost_fields.h"
#include "models/crossbar/crossbar.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ZeroDetectParams> schema() {
  return Schema<ZeroDetectParams>(
             "Finds the bit-cycles in which no word line of a row group is driven; part of "
             "the chip only with row_pipeline.input_zero_skip.")
      .field("per_element", &ZeroDetectParams::per_element,
             instance_count("Zero detectors of one processing element."));
}

const RegisterComponent<ZeroDetectParams> component{
    "zero_detect",
    schema(),
    {.energy_key = "energy_per_check",
     .energy_doc = "Energy of testing all input bits of one row group in one bit-cycle.",
     .actions = {{"check", "the input bits of one row group tested in one bit-cycle"}},
     .sizes = {cost_property<ZeroDetectParams>(
         "cost_rows", &ZeroDetectParams::cost_rows,
         {.min = 1,
          .max = 65536,
          .doc = "Rows of the crossbars for which energy, power, area and leakage are given."},
         "crossbar.rows", [](const Config& config) { return config.get<CrossbarParams>().rows; })},
     .sized = {.energy = true, .power = true, .leakage = true, .area = true},
     .source = "a row more is a bit more to compare",
     .assumption = true}};

}  // namespace
}  // namespace squeezebar
