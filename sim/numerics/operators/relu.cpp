// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/numerics/requantise.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

/// max(code, zero point).
class Relu final : public Operator {
 public:
  int activation_ops() const override { return 1; }
  std::string check(std::span<const FeatureShape>, std::span<const Quantisation> inputs,
                    std::span<const std::int64_t>, const Quantisation& output) const override {
    const Quantisation& in = inputs[0];
    const bool same = in.bits == output.bits && in.is_signed == output.is_signed &&
                      in.scale == output.scale && in.zero_point == output.zero_point &&
                      output.min <= std::max(in.min, in.zero_point) && output.max >= in.max;
    return same ? "" : "relu keeps codes as they are: its output needs the quantisation of its input";
  }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation&, FeatureMap& out) const override {
    const OperatorInput& in = inputs[0];
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      out.codes[i] =
          to_code(std::max(in.map->value(i, in.quantisation->is_signed), in.quantisation->zero_point));
    }
  }
};

const Register<Operator> reg{"relu", "Rectifier, in the vector unit.",
                             [] { return std::make_unique<Relu>(); }};

}  // namespace
}  // namespace squeezebar
