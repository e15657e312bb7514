// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "models/adc/adc.h"
#include "models/adc/reference_point.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct LinearAdcParams : AdcReferencePoint {};

class LinearAdc final : public AdcModel {
 public:
  explicit LinearAdc(const LinearAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    const double factor = static_cast<double>(bits) / params_.reference_bits;
    return scaled(params_, factor, factor);
  }
  std::string source() const override {
    return "energy and area in proportion to bits, from one reference ADC";
  }

 private:
  LinearAdcParams params_;
};

const Register<AdcModel> reg{"linear",
                             with_reference_point(Schema<LinearAdcParams>(
                                 "Energy and area in proportion to bits, from one reference ADC.")),
                             [](const LinearAdcParams& p) { return std::make_unique<LinearAdc>(p); }};

}  // namespace
}  // namespace squeezebar
