// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/numerics/operators/windowed.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

/// 2-D convolution; weights (output channels, input channels, kernel height, kernel width).
class Conv2d final : public Operator {
 public:
  explicit Conv2d(const StrideAttributes& attributes) : attributes_(attributes) {}

  bool has_weights() const override { return true; }
  int weight_dimensions() const override { return 4; }
  int activation_ops() const override { return 1; }
  Window window(const FeatureShape&, std::span<const std::int64_t> weight_shape) const override {
    return make_window(weight_shape[2], weight_shape[3], attributes_);
  }
  std::string check(std::span<const FeatureShape> shapes, std::span<const Quantisation>,
                    std::span<const std::int64_t> weight_shape, const Quantisation&) const override {
    if (weight_shape[1] == shapes[0].channels) return "";
    return fmt::format("its weights are for {} input channels, its input has {}", weight_shape[1],
                       shapes[0].channels);
  }

 private:
  StrideAttributes attributes_;
};

Schema<StrideAttributes> schema() {
  Schema<StrideAttributes> s("2-D convolution on crossbars.");
  add_stride(s);
  return s;
}

const Register<Operator> reg{"conv2d", schema,
                             [](const StrideAttributes& a) { return std::make_unique<Conv2d>(a); }};

}  // namespace
}  // namespace squeezebar
