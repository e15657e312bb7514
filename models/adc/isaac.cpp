// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "models/adc/adc.h"
#include "models/adc/reference_point.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

/// A sum of one part in proportion to bits and one that doubles with each bit.
struct Shape {
  double linear = 0.0;
  double doubling = 0.0;

  double at(int bits, int reference_bits) const {
    return linear * bits / reference_bits + doubling * std::ldexp(1.0, bits - reference_bits);
  }
  double factor(int bits, int reference_bits) const {
    return at(bits, reference_bits) / at(reference_bits, reference_bits);
  }
};

struct IsaacAdcParams : AdcReferencePoint {
  Power linear_power;
  Power doubling_power;
  Area linear_area;
  Area doubling_area;
};

// ISAAC takes the 8-bit, 1.2 GS/s ADC of Kull et al. (JSSC 2013, 3.1 mW, 1600 um2), adopts 2 mW and 1200 um2
// for it (Table I) and scales reference buffer (0.2 mW, 293.4 um2), memory (0.7, 237.8), latches (0.8, 57.8)
// and clock (1.2, 282.7) in proportion to bits and the capacitive DAC (0.2 mW, 728.2 um2) exponentially.
Schema<IsaacAdcParams> schema() {
  return with_reference_point(
      Schema<IsaacAdcParams>(
          "ISAAC's rule: clock, memory and references scale with bits, the capacitive DAC with 2^bits.")
          .field(
              "linear_power", &IsaacAdcParams::linear_power,
              {.def = quantity<Power>("2.9 mW"),
               .min = 0,
               .max = 1_W,
               .doc =
                   "Share of the reference ADC's power that grows in proportion to bits; only the ratio to "
                   "`doubling_power` counts.",
               .affects = Affects::accounting})
          .field("doubling_power", &IsaacAdcParams::doubling_power,
                 {.def = quantity<Power>("0.2 mW"),
                  .min = 0,
                  .max = 1_W,
                  .doc = "Share of the reference ADC's power that doubles with each bit.",
                  .affects = Affects::accounting})
          .field(
              "linear_area", &IsaacAdcParams::linear_area,
              {.def = quantity<Area>("871.7 um2"),
               .min = 0,
               .max = 100_mm2,
               .doc = "Share of the reference ADC's area that grows in proportion to bits; only the ratio to "
                      "`doubling_area` counts.",
               .affects = Affects::accounting})
          .field("doubling_area", &IsaacAdcParams::doubling_area,
                 {.def = quantity<Area>("728.2 um2"),
                  .min = 0,
                  .max = 100_mm2,
                  .doc = "Share of the reference ADC's area that doubles with each bit.",
                  .affects = Affects::accounting})
          .rule("linear_power",
                [](const IsaacAdcParams& p) {
                  return p.linear_power + p.doubling_power > 0_W ? nullptr
                                                                 : "the shares of power are both zero";
                })
          .rule("linear_area", [](const IsaacAdcParams& p) {
            return p.linear_area + p.doubling_area > 0_um2 ? nullptr : "the shares of area are both zero";
          }));
}

class IsaacAdc final : public AdcModel {
 public:
  explicit IsaacAdc(const IsaacAdcParams& params)
      : params_(params),
        power_{params.linear_power.si(), params.doubling_power.si()},
        area_{params.linear_area.si(), params.doubling_area.si()} {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    return scaled(params_, power_.factor(bits, params_.reference_bits),
                  area_.factor(bits, params_.reference_bits));
  }
  std::string source() const override {
    return "ISAAC (Shafiee et al., ISCA 2016): Kull et al. (JSSC 2013) scaled by Saberi et al. (2011)";
  }

 private:
  IsaacAdcParams params_;
  Shape power_;
  Shape area_;
};

const Register<AdcModel> reg{"isaac", schema,
                             [](const IsaacAdcParams& p) { return std::make_unique<IsaacAdc>(p); }};

}  // namespace
}  // namespace squeezebar
