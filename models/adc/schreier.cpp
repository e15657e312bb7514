// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "models/adc/adc.h"
#include "models/adc/figure_of_merit.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct SchreierAdcParams : AdcBesideFigure {
  double figure_of_merit_db = 0.0;
};

Schema<SchreierAdcParams> schema() {
  return with_fields_beside(
      Schema<SchreierAdcParams>(
          "Energy by Schreier's figure of merit: fourfold by each effective bit, as noise limits it.")
          .field("figure_of_merit_db", &SchreierAdcParams::figure_of_merit_db,
                 {.def = 165.0,
                  .min = 50,
                  .max = 250,
                  .doc = "SNDR + 10 log10(rate / 2 / power) in dB.",
                  .affects = Affects::accounting}));
}

/// Signal to noise and distortion of an ideal converter of so many bits.
double sndr_db(double enob) { return 20.0 * enob * std::log10(2.0) + 10.0 * std::log10(1.5); }

class SchreierAdc final : public AdcModel {
 public:
  explicit SchreierAdc(const SchreierAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    const double decibels = params_.figure_of_merit_db - sndr_db(params_.enob(bits));
    return params_.with(Energy(0.5 * std::pow(10.0, -decibels / 10.0)), bits);
  }
  std::string source() const override {
    return "figure of merit of Schreier: power / rate = 1 / (2 x 10^((FOM - SNDR) / 10))";
  }

 private:
  SchreierAdcParams params_;
};

const Register<AdcModel> reg{"schreier", schema,
                             [](const SchreierAdcParams& p) { return std::make_unique<SchreierAdc>(p); }};

}  // namespace
}  // namespace squeezebar
