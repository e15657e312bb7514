// SPDX-License-Identifier: Apache-2.0
// An extension as its author would write it: this one file, dropped into models/adc/, is a new ADC model.
#include <memory>

#include "models/adc/adc.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct FlatAdcParams {
  Energy energy_per_conversion;
};

/// The same cost at every resolution.
class FlatAdc final : public AdcModel {
 public:
  explicit FlatAdc(const FlatAdcParams& params) : params_(params) {}
  ComponentCost cost(int /*bits*/, Length /*node*/) const override {
    ComponentCost cost;
    cost.energy = params_.energy_per_conversion;
    return cost;
  }
  std::string source() const override { return "a test"; }

 private:
  FlatAdcParams params_;
};

const Register<AdcModel> reg{
    "flat",
    Schema<FlatAdcParams>("The same cost at every resolution.")
        .field("energy_per_conversion", &FlatAdcParams::energy_per_conversion,
               {.def = 1_pJ, .min = 0, .doc = "One conversion.", .affects = Affects::accounting}),
    [](const FlatAdcParams& p) { return std::make_unique<FlatAdc>(p); }};

}  // namespace
}  // namespace squeezebar
