// SPDX-License-Identifier: Apache-2.0
#include "models/dac/dac.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<DacParams> schema() {
  return Schema<DacParams>("Word-line drivers, one per row of each crossbar.")
      .field("bits", &DacParams::bits, {.min = 1, .max = 4, .doc = "Input bits applied in one bit-cycle."})
      .choice("charge", &DacParams::charge, {{"rows", DacCharge::rows}, {"ones", DacCharge::ones}},
              {.def = DacCharge::rows,
               .doc = "Word lines that cost a drive in a bit-cycle: every mapped row, or rows with a "
                      "non-zero input.",
               .affects = Affects::timing});
}

const RegisterComponent<DacParams> component{
    "dac",
    schema(),
    {.energy_key = "energy_per_drive",
     .energy_doc = "Energy of driving one word line in one bit-cycle.",
     .actions = {{"drive", "one word line driven in one bit-cycle"}},
     .instances = "one for each row of a crossbar, whatever its columns",
     .fixed = {cost_property<DacParams>("cost_bits", &DacParams::cost_bits,
                                        {.def = 0,
                                         .min = 0,
                                         .max = 4,
                                         .doc = "Input bits of the driver that the price was given for, 0 if "
                                                "it is not known; the price does not follow `bits`."},
                                        "dac.bits",
                                        [](const Config& config) { return config.get<DacParams>().bits; })},
     .source = "PUMA (ASPLOS 2019): its simulator prices one driver, at any resolution and for crossbars of "
               "any size"}};

}  // namespace
}  // namespace squeezebar
