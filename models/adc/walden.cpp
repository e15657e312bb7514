// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "models/adc/adc.h"
#include "models/adc/figure_of_merit.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct WaldenAdcParams : AdcBesideFigure {
  Energy figure_of_merit;
};

Schema<WaldenAdcParams> schema() {
  return with_fields_beside(
      Schema<WaldenAdcParams>("Energy by Walden's figure of merit: doubled by each effective bit.")
          .field("figure_of_merit", &WaldenAdcParams::figure_of_merit,
                 {.def = quantity<Energy>("6.5 fJ"),
                  .max = quantity<Energy>("1 nJ"),
                  .above = 0,
                  .doc = "Power / (2^ENOB x rate), energy per conversion step; the default is that of an "
                         "ADC of 8 bits, 2 mW at 1.2 GS/s (ISAAC, Table I).",
                  .affects = Affects::accounting}));
}

class WaldenAdc final : public AdcModel {
 public:
  explicit WaldenAdc(const WaldenAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    return params_.with(params_.figure_of_merit * std::exp2(params_.enob(bits)), bits);
  }
  std::string source() const override {
    return "figure of merit of Walden (IEEE JSAC 17(4), 1999), energy per conversion step";
  }

 private:
  WaldenAdcParams params_;
};

const Register<AdcModel> reg{"walden", schema,
                             [](const WaldenAdcParams& p) { return std::make_unique<WaldenAdc>(p); }};

}  // namespace
}  // namespace squeezebar
