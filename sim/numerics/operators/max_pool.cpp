// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "sim/numerics/operators/windowed.h"
#include "sim/numerics/requantise.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

/// Largest code under the window; padding never wins.
class MaxPool final : public Operator {
 public:
  explicit MaxPool(const PoolAttributes& attributes) : attributes_(attributes) {}

  int pool_ops() const override { return static_cast<int>(attributes_.kernel[0] * attributes_.kernel[1]); }
  Window window(const FeatureShape&, std::span<const std::int64_t>) const override {
    return make_window(attributes_.kernel[0], attributes_.kernel[1], attributes_);
  }
  std::string check(std::span<const FeatureShape>, std::span<const Quantisation> inputs,
                    std::span<const std::int64_t>, const Quantisation& output) const override {
    const Quantisation& in = inputs[0];
    const bool same = in.bits == output.bits && in.is_signed == output.is_signed &&
                      in.scale == output.scale && in.zero_point == output.zero_point &&
                      output.min <= in.min && output.max >= in.max;
    return same ? "" : "max_pool keeps codes as they are: its output needs the quantisation of its input";
  }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation&, FeatureMap& out) const override {
    const FeatureMap& in = *inputs[0].map;
    const Window w = window(in.shape, {});
    std::size_t at = 0;
    for (int c = 0; c < out.shape.channels; ++c) {
      for (int y = 0; y < out.shape.height; ++y) {
        for (int x = 0; x < out.shape.width; ++x) {
          std::int32_t largest = std::numeric_limits<std::int32_t>::min();
          visit_window(w, in.shape, c, y, x, [&](std::size_t i) {
            largest = std::max(largest, in.value(i, inputs[0].quantisation->is_signed));
          });
          out.codes[at++] = to_code(largest);
        }
      }
    }
  }

 private:
  PoolAttributes attributes_;
};

Schema<PoolAttributes> schema() {
  Schema<PoolAttributes> s("Maximum over a window, in the vector unit.");
  add_stride(add_kernel(s));
  return s;
}

const Register<Operator> reg{"max_pool", schema,
                             [](const PoolAttributes& a) { return std::make_unique<MaxPool>(a); }};

}  // namespace
}  // namespace squeezebar
