// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/requantise.h"

#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct RequantiseAttributes {
  double multiplier = 1.0;
};

/// From one quantisation to another.
class Requantise final : public Operator {
 public:
  explicit Requantise(const RequantiseAttributes& attributes) : multiplier_(attributes.multiplier) {}

  int activation_ops() const override { return 1; }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                FeatureMap& out) const override {
    const OperatorInput& in = inputs[0];
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      const std::int32_t centred = in.map->value(i, in.quantisation->is_signed) - in.quantisation->zero_point;
      out.codes[i] = to_code(to_clamped_code(static_cast<double>(centred) * multiplier_, output));
    }
  }

 private:
  double multiplier_;
};

Schema<RequantiseAttributes> schema() {
  Schema<RequantiseAttributes> s("Change of scale and zero point, in the vector unit.");
  s.field("multiplier", &RequantiseAttributes::multiplier,
          {.above = 0, .doc = "Input scale / output scale."});
  return s;
}

const Register<Operator> reg{"requantise", schema,
                             [](const RequantiseAttributes& a) { return std::make_unique<Requantise>(a); }};

}  // namespace
}  // namespace squeezebar
