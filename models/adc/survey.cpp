// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>

#include "models/adc/adc.h"
#include "sim/base/registry.h"
#include "sim/terms/actions.h"

namespace squeezebar {
namespace {

/// The fit turns upward below this resolution.
constexpr int kFewestFittedBits = 4;

struct SurveyAdcParams {
  Frequency cost_rate;
  double energy_scale = 1.0;
  double area_scale = 1.0;
  Power leakage;
};

Schema<SurveyAdcParams> schema() {
  return Schema<SurveyAdcParams>(
             "Andrulis et al.'s fit to the ADC survey: typical energy and area at a rate and node.")
      .field("cost_rate", &SurveyAdcParams::cost_rate,
             {.def = quantity<Frequency>("1.2 GHz"),
              .min = 1_kHz,
              .max = 1000_GHz,
              .doc = "Conversions per second of one ADC for which the fit is evaluated.",
              .affects = Affects::accounting})
      .field("energy_scale", &SurveyAdcParams::energy_scale,
             {.def = 1.0,
              .max = 1000,
              .above = 0,
              .doc = "Energy of the design at hand relative to the typical one.",
              .affects = Affects::accounting})
      .field("area_scale", &SurveyAdcParams::area_scale,
             {.def = 1.0,
              .max = 1000,
              .above = 0,
              .doc = "Area of the design at hand relative to the typical one.",
              .affects = Affects::accounting})
      .field("leakage", &SurveyAdcParams::leakage,
             {.def = 0_W,
              .min = 0,
              .max = 1_W,
              .doc = "Power that one ADC draws all the time, at any resolution.",
              .affects = Affects::accounting});
}

// Andrulis et al., arXiv 2404.06553, coefficients of the published plug-in: the Schreier figure of merit is
// the lower of a line in the logarithm of the rate and one in bits, and log energy and log area are linear in
// the logarithms.

double picojoules(int bits, double rate, double node_nm) {
  const double sndr = 20.0 * bits * std::log10(2.0) + 10.0 * std::log10(1.5);
  const double figure_of_merit = std::min(213.7806687348118 - 2.8719030399529957 * std::log(rate),
                                          128.3068287398817 + 3.2205115109776 * bits);
  return 1.0 / (2.0 * std::pow(10.0, (figure_of_merit - sndr) / 10.0)) *
         std::exp(26.0496215686518 + 1.8800369206815004 * std::log(node_nm) -
                  2.8291256050594527 * std::log(bits) - 1.4702022133784405);
}

double square_micrometres(double energy_pj, double rate, double node_nm) {
  return std::exp(1.3461916439910742 + 0.9932794744745022 * std::log(node_nm) +
                  0.18071538424508238 * std::log(rate) + 0.29912426192653485 * std::log(energy_pj));
}

class SurveyAdc final : public AdcModel {
 public:
  explicit SurveyAdc(const SurveyAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length node) const override {
    const int fitted_bits = std::max(bits, kFewestFittedBits);
    const double below_fit = static_cast<double>(bits) / fitted_bits;
    const double rate = params_.cost_rate.si();
    const double node_nm = node.si() * 1e9;
    const double energy_pj = picojoules(fitted_bits, rate, node_nm);
    ComponentCost cost;
    cost.energy = Energy(energy_pj * 1e-12) * (params_.energy_scale * below_fit);
    cost.power = cost.energy * params_.cost_rate;
    cost.leakage = params_.leakage;
    cost.area = Area(square_micrometres(energy_pj, rate, node_nm) * 1e-12) * (params_.area_scale * below_fit);
    cost.node = node;
    cost.extrapolated = bits < kFewestFittedBits;
    return cost;
  }
  std::string source() const override {
    return "Andrulis et al., arXiv 2404.06553, fitted to Murmann's ADC survey";
  }

 private:
  SurveyAdcParams params_;
};

const Register<AdcModel> reg{"survey", schema,
                             [](const SurveyAdcParams& p) { return std::make_unique<SurveyAdc>(p); }};

}  // namespace
}  // namespace squeezebar
