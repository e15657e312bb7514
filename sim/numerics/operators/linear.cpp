// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

/// Fully connected layer over all channels and pixels; weights (output features, channels * height * width).
class Linear final : public Operator {
 public:
  bool has_weights() const override { return true; }
  int weight_dimensions() const override { return 2; }
  int activation_ops() const override { return 1; }
  Window window(const FeatureShape& in, std::span<const std::int64_t>) const override {
    return {in.height, in.width, 1, 1, 0, 0, 0, 0};
  }
  std::string check(std::span<const FeatureShape> shapes, std::span<const Quantisation>,
                    std::span<const std::int64_t> weight_shape, const Quantisation&) const override {
    if (weight_shape[1] == shapes[0].size()) return "";
    return fmt::format("its weights are for {} input features, its input has {}", weight_shape[1],
                       shapes[0].size());
  }
};

const Register<Operator> reg{"linear", "Fully connected layer on crossbars.",
                             [] { return std::make_unique<Linear>(); }};

}  // namespace
}  // namespace squeezebar
