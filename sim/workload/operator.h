// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sim/base/registry.h"
#include "sim/workload/feature_map.h"

namespace squeezebar {

/// One input of a layer, as its operator sees it.
struct OperatorInput {
  const FeatureMap* map;
  const Quantisation* quantisation;
};

/// A network operator: one file under sim/numerics/operators/, found by the bundle reader under its
/// registered name. An operator with weights is a matrix on crossbars; any other runs in the vector unit.
class Operator {
 public:
  virtual ~Operator() = default;

  [[nodiscard]] virtual int inputs() const { return 1; }
  [[nodiscard]] virtual bool has_weights() const { return false; }
  /// Dimensions that the weight tensor must have, the first being output channels (0: no weights).
  [[nodiscard]] virtual int weight_dimensions() const { return 0; }
  /// The window over the input. `weight_shape` is empty for operators without weights.
  [[nodiscard]] virtual Window window(const FeatureShape& in,
                                      std::span<const std::int64_t> weight_shape) const {
    (void)in;
    (void)weight_shape;
    return {};
  }
  /// Channels of the output.
  [[nodiscard]] virtual int output_channels(const FeatureShape& in,
                                            std::span<const std::int64_t> weight_shape) const {
    return weight_shape.empty() ? in.channels : static_cast<int>(weight_shape[0]);
  }
  /// What is wrong with the layer's shapes and quantisations, or empty. Called before anything else but
  /// window() and output_channels().
  [[nodiscard]] virtual std::string check(std::span<const FeatureShape> shapes,
                                          std::span<const Quantisation> inputs,
                                          std::span<const std::int64_t> weight_shape,
                                          const Quantisation& output) const {
    (void)shapes;
    (void)inputs;
    (void)weight_shape;
    (void)output;
    return "";
  }
  /// Integer reference of an operator without weights. `out.shape` is set; `out.codes` has its size.
  virtual void evaluate(std::span<const OperatorInput> inputs, const Quantisation& output,
                        FeatureMap& out) const {
    (void)inputs;
    (void)output;
    (void)out;
  }
  /// Pooling or addition steps per output value (energy).
  [[nodiscard]] virtual int pool_ops() const { return 0; }
  /// Requantisations per output value (energy).
  [[nodiscard]] virtual int activation_ops() const { return 0; }
};

}  // namespace squeezebar
