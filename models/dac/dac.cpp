// SPDX-License-Identifier: Apache-2.0
#include "models/dac/dac.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<DacParams> schema() {
  return with_cost(
      Schema<DacParams>("Word-line drivers, one per row of each crossbar.")
          .field("bits", &DacParams::bits,
                 {.min = 1, .max = 4, .doc = "Input bits applied in one bit-cycle."})
          .choice("charge", &DacParams::charge, {{"rows", DacCharge::rows}, {"ones", DacCharge::ones}},
                  {.def = DacCharge::rows,
                   .doc = "Word lines that cost a drive in a bit-cycle: every mapped row, or rows with a "
                          "non-zero input.",
                   .affects = Affects::timing}),
      "energy_per_drive", "Energy of driving one word line in one bit-cycle.");
}

const RegisterSection<DacParams> section{"dac", schema()};

}  // namespace
}  // namespace squeezebar
