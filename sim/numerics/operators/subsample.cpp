// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "sim/numerics/operators/windowed.h"
#include "sim/numerics/requantise.h"
#include "sim/workload/operator.h"

namespace squeezebar {
namespace {

struct SubsampleAttributes {
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> channel_padding;
};

/// Every stride-th pixel, the first one included, between channels of zeros: the shortcut without weights of
/// residual networks (He et al., CVPR 2016, section 4.2, option A). Codes are moved, not computed.
class Subsample final : public Operator {
 public:
  explicit Subsample(const SubsampleAttributes& attributes) : attributes_(attributes) {}

  Window window(const FeatureShape&, std::span<const std::int64_t>) const override {
    return make_window(1, 1, {attributes_.stride, {0, 0, 0, 0}});
  }
  int output_channels(const FeatureShape& in, std::span<const std::int64_t>) const override {
    return static_cast<int>(in.channels + attributes_.channel_padding[0] + attributes_.channel_padding[1]);
  }
  std::string check(std::span<const FeatureShape>, std::span<const Quantisation> inputs,
                    std::span<const std::int64_t>, const Quantisation& output) const override {
    const Quantisation& in = inputs[0];
    const bool same = in.bits == output.bits && in.is_signed == output.is_signed &&
                      in.scale == output.scale && in.zero_point == output.zero_point &&
                      output.min <= in.min && output.max >= in.max;
    if (!same) return "subsample keeps codes as they are: its output needs the quantisation of its input";
    const bool pads = attributes_.channel_padding[0] + attributes_.channel_padding[1] > 0;
    const bool holds_zero = output.min <= output.zero_point && output.zero_point <= output.max;
    return pads && !holds_zero ? "its extra channels hold the zero point, which its output cannot hold" : "";
  }
  void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                FeatureMap& out) const override {
    const FeatureMap& in = *inputs[0].map;
    const Window w = window(in.shape, {});
    const int before = static_cast<int>(attributes_.channel_padding[0]);
    std::size_t at = 0;
    for (int c = 0; c < out.shape.channels; ++c) {
      const bool extra = c < before || c >= before + in.shape.channels;
      for (int y = 0; y < out.shape.height; ++y) {
        for (int x = 0; x < out.shape.width; ++x) {
          std::uint16_t code = to_code(output.zero_point);
          if (!extra) visit_window(w, in.shape, c - before, y, x, [&](std::size_t i) { code = in.codes[i]; });
          out.codes[at++] = code;
        }
      }
    }
  }

 private:
  SubsampleAttributes attributes_;
};

Schema<SubsampleAttributes> schema() {
  Schema<SubsampleAttributes> s("Every stride-th pixel between channels of zeros, in the vector unit.");
  s.field("stride", &SubsampleAttributes::stride,
          {.min = 1,
           .max = kLargestWindow,
           .doc = "Vertical and horizontal step.",
           .min_items = 2,
           .max_items = 2})
      .field("channel_padding", &SubsampleAttributes::channel_padding,
             {.min = 0,
              .max = 1 << 16,
              .doc = "Channels that hold the zero point before and after those of the input.",
              .min_items = 2,
              .max_items = 2});
  return s;
}

const Register<Operator> reg{"subsample", schema,
                             [](const SubsampleAttributes& a) { return std::make_unique<Subsample>(a); }};

}  // namespace
}  // namespace squeezebar
