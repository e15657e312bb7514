// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "models/adc/adc.h"
#include "models/adc/reference_point.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct ExponentialAdcParams : AdcReferencePoint {};

class ExponentialAdc final : public AdcModel {
 public:
  explicit ExponentialAdc(const ExponentialAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    const double factor = std::ldexp(1.0, bits - params_.reference_bits);
    return scaled(params_, factor, factor);
  }
  std::string source() const override {
    return "energy and area doubled by each bit, from one reference ADC";
  }

 private:
  ExponentialAdcParams params_;
};

const Register<AdcModel> reg{
    "exponential",
    with_reference_point(
        Schema<ExponentialAdcParams>("Energy and area doubled by each bit, from one reference ADC.")),
    [](const ExponentialAdcParams& p) { return std::make_unique<ExponentialAdc>(p); }};

}  // namespace
}  // namespace squeezebar
