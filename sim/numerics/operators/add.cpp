// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "sim/numerics/requantise.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct AddAttributes {
  std::vector<double> multipliers;
};

/// Residual addition of two feature maps with scales of their own: two rounded double products, one sum.
class Add final : public Operator {
 public:
  explicit Add(const AddAttributes& attributes) : attributes_(attributes) {}

  int inputs() const override { return 2; }
  int pool_ops() const override { return 1; }
  int activation_ops() const override { return 1; }
  std::string check(std::span<const FeatureShape> shapes, std::span<const Quantisation>,
                    std::span<const std::int64_t>, const Quantisation&) const override {
    return shapes[0] == shapes[1] ? "" : "its two inputs must have the same shape";
  }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                FeatureMap& out) const override {
    const auto term = [&](std::size_t k, std::size_t i) {
      const OperatorInput& in = inputs[k];
      return static_cast<double>(in.map->value(i, in.quantisation->is_signed) - in.quantisation->zero_point) *
             attributes_.multipliers[k];
    };
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      out.codes[i] = to_code(to_clamped_code(term(0, i) + term(1, i), output));
    }
  }

 private:
  AddAttributes attributes_;
};

Schema<AddAttributes> schema() {
  Schema<AddAttributes> s("Residual addition, in the vector unit.");
  s.field("multipliers", &AddAttributes::multipliers,
          {.above = 0, .doc = "Input scale / output scale of each input.", .min_items = 2, .max_items = 2});
  return s;
}

const Register<Operator> reg{"add", schema, [](const AddAttributes& a) { return std::make_unique<Add>(a); }};

}  // namespace
}  // namespace squeezebar
