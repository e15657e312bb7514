// SPDX-License-Identifier: Apache-2.0
#include "models/zero_detect/zero_detect.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<ZeroDetectParams> schema() {
  return with_cost(
      Schema<ZeroDetectParams>("Finds the bit-cycles in which no word line of a row group is driven; part of "
                               "the chip only with row_pipeline.input_zero_skip.")
          .field("per_element", &ZeroDetectParams::per_element,
                 instance_count("Zero detectors of one processing element.")),
      "energy_per_check", "Energy of testing all input bits of one row group in one bit-cycle.");
}

const RegisterSection<ZeroDetectParams> section{"zero_detect", schema()};

}  // namespace
}  // namespace squeezebar
