// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/operators/windowed.h"
#include "sim/numerics/requantise.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct AveragePoolAttributes : PoolAttributes {
  bool count_include_pad = true;
  double multiplier = 1.0;
};

/// Mean over the window: int64 sum of (q - zero point) times one multiplier, which includes 1/n of the full
/// window.
class AveragePool final : public Operator {
 public:
  explicit AveragePool(const AveragePoolAttributes& attributes) : attributes_(attributes) {}

  int pool_ops() const override { return static_cast<int>(attributes_.kernel[0] * attributes_.kernel[1]); }
  int activation_ops() const override { return 1; }
  Window window(const FeatureShape&, std::span<const std::int64_t>) const override {
    return make_window(attributes_.kernel[0], attributes_.kernel[1], attributes_);
  }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                FeatureMap& out) const override {
    const FeatureMap& in = *inputs[0].map;
    const Quantisation& q = *inputs[0].quantisation;
    const Window w = window(in.shape, {});
    std::size_t at = 0;
    for (int c = 0; c < out.shape.channels; ++c) {
      for (int y = 0; y < out.shape.height; ++y) {
        for (int x = 0; x < out.shape.width; ++x) {
          std::int64_t sum = 0;
          std::int64_t valid = 0;
          visit_window(w, in.shape, c, y, x, [&](std::size_t i) {
            sum += in.value(i, q.is_signed) - q.zero_point;
            ++valid;
          });
          double multiplier = attributes_.multiplier;
          if (!attributes_.count_include_pad) {
            multiplier = multiplier * static_cast<double>(w.positions()) / static_cast<double>(valid);
          }
          out.codes[at++] = to_code(to_clamped_code(static_cast<double>(sum) * multiplier, output));
        }
      }
    }
  }

 private:
  AveragePoolAttributes attributes_;
};

Schema<AveragePoolAttributes> schema() {
  Schema<AveragePoolAttributes> s("Mean over a window, in the vector unit.");
  add_stride(add_kernel(s));
  s.field("count_include_pad", &AveragePoolAttributes::count_include_pad,
          {.doc = "Whether padding counts in the mean."})
      .field("multiplier", &AveragePoolAttributes::multiplier,
             {.above = 0, .doc = "Input scale / (output scale * window size)."});
  return s;
}

const Register<Operator> reg{"average_pool", schema,
                             [](const AveragePoolAttributes& a) { return std::make_unique<AveragePool>(a); }};

}  // namespace
}  // namespace squeezebar
