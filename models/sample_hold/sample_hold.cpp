// SPDX-License-Identifier: Apache-2.0
#include "models/sample_hold/sample_hold.h"

#include <algorithm>

#include "models/cost_fields.h"
#include "sim/base/config.h"
#include "sim/base/cycles.h"

namespace squeezebar {

BitCycleTime bit_cycle_time(Time read_time, std::int64_t conversions, const Rate& rate, Frequency clock,
                            bool overlap) {
  BitCycleTime out;
  out.conversion_time = cycles_ceil_count(conversions, rate, clock);
  if (overlap) {
    out.length = std::max(cycles_ceil(read_time, clock), out.conversion_time);
    out.conversion_start = out.length;
  } else {
    out.length = cycles_ceil_sum(read_time, conversions, rate, clock);
    // The read may end within a cycle; the conversions end with the bit-cycle.
    out.conversion_start = out.length - out.conversion_time;
  }
  return out;
}

namespace {

Schema<SampleHoldParams> schema() {
  return Schema<SampleHoldParams>("Sample-and-hold circuits, one per column of each crossbar.")
      .field("overlap", &SampleHoldParams::overlap,
             {.def = true,
              .doc = "Whether the held samples of one read are converted while the next read settles.",
              .affects = Affects::timing});
}

const RegisterComponent<SampleHoldParams> component{
    "sample_hold",
    schema(),
    {.energy_key = "energy_per_sample",
     .energy_doc = "Energy of sampling one bit line in one bit-cycle.",
     .actions = {{"sample", "one bit line sampled in one bit-cycle"}},
     .instances = "one for each column of a crossbar",
     .source = "PUMA (ASPLOS 2019): its simulator prices one circuit for crossbars of any size"}};

}  // namespace
}  // namespace squeezebar
