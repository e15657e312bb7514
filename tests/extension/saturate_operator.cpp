// SPDX-License-Identifier: Apache-2.0
// One file, dropped into sim/numerics/operators/, is a new operator.
#include <algorithm>
#include <memory>

#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct SaturateAttributes {
  std::int64_t limit = 0;
};

/// min(code, limit).
class Saturate final : public Operator {
 public:
  explicit Saturate(const SaturateAttributes& attributes)
      : limit_(static_cast<std::int32_t>(attributes.limit)) {}
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                FeatureMap& out) const override {
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      const std::int32_t value = inputs[0].map->value(i, inputs[0].quantisation->is_signed);
      out.codes[i] = static_cast<std::uint16_t>(std::clamp(std::min(value, limit_), output.min, output.max));
    }
  }

 private:
  std::int32_t limit_;
};

const Register<Operator> reg{"saturate",
                             Schema<SaturateAttributes>("Cuts codes at a limit, in the vector unit.")
                                 .field("limit", &SaturateAttributes::limit, {.doc = "Largest code."}),
                             [](const SaturateAttributes& a) { return std::make_unique<Saturate>(a); }};

}  // namespace
}  // namespace squeezebar
