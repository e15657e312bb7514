// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adaptive_adc.h"

#include "sim/base/config.h"
#include "sim/terms/adc_transfer.h"

namespace squeezebar {
namespace {

Schema<AdaptiveAdcParams> schema() {
  return Schema<AdaptiveAdcParams>("What conversions are charged for with `adc.accounting: adaptive`.")
      .field("slices", &AdaptiveAdcParams::slices,
             {.def = 8,
              .min = 1,
              .max = 16,
              .doc = "Cells of a weight: columns of the table, the most significant slice first.",
              .affects = Affects::timing})
      .field(
          "bits", &AdaptiveAdcParams::bits,
          {.def = std::vector<int>{},
           .min = 0,
           .max = kMaxAdcBits,
           .doc =
               "Bits by input cycle and slice, a row for each cycle, the least significant input bits first; "
               "conversions of no bits are left out and cost nothing.",
           .affects = Affects::timing})
      .rule("bits", [](const AdaptiveAdcParams& p) {
        return p.bits.size() % static_cast<std::size_t>(p.slices) == 0
                   ? nullptr
                   : "must have as many numbers in each row as `slices`";
      });
}

const RegisterSection<AdaptiveAdcParams> section{"adaptive_adc", schema()};

}  // namespace
}  // namespace squeezebar
