// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/workload/feature_map.h"
#include "sim/workload/operator.h"

namespace squeezebar {

/// The weights of a crossbar layer as a matrix: rows = inputs in the order (channel, kernel row, kernel
/// column), columns = output channels.
struct WeightMatrix {
  int rows = 0;
  int columns = 0;
  int magnitude_bits = 0;            ///< every |w| < 2^magnitude_bits
  std::vector<std::int16_t> values;  ///< [column][row], as in the bundle (output channel first)

  [[nodiscard]] int at(int row, int column) const {
    return values[static_cast<std::size_t>(column) * static_cast<std::size_t>(rows) +
                  static_cast<std::size_t>(row)];
  }
};

/// One layer. Node 0 of a network is its input; layer i is node i + 1.
struct Layer {
  std::string name;
  std::string op_name;
  std::shared_ptr<const Operator> op;
  std::vector<int> inputs;  ///< node numbers
  std::vector<FeatureShape> input_shapes;
  FeatureShape shape;         ///< of the output
  Quantisation quantisation;  ///< of the output
  Window window;
  WeightMatrix weights;            ///< empty for operators without weights
  std::vector<std::int32_t> bias;  ///< [columns]
  std::vector<double> multiplier;  ///< [columns]

  [[nodiscard]] bool on_crossbars() const { return op->has_weights(); }
  [[nodiscard]] bool is_convolution() const {
    return on_crossbars() && weights.rows > 0 && op->weight_dimensions() == 4;
  }
  [[nodiscard]] int waves() const { return shape.pixels(); }
};

/// A quantised network: layers in topological order.
struct Network {
  std::string name;
  std::string input_name;
  FeatureShape input_shape;
  Quantisation input;
  std::vector<Layer> layers;
  int output = 0;  ///< node number

  [[nodiscard]] const FeatureShape& shape(int node) const {
    return node == 0 ? input_shape : layers[static_cast<std::size_t>(node - 1)].shape;
  }
  [[nodiscard]] const Quantisation& quantisation(int node) const {
    return node == 0 ? input : layers[static_cast<std::size_t>(node - 1)].quantisation;
  }
  /// 2 x multiply-accumulates of the dense layer shapes, for one image.
  [[nodiscard]] std::int64_t ops() const {
    std::int64_t total = 0;
    for (const Layer& layer : layers) {
      total += 2 * std::int64_t{layer.weights.rows} * layer.weights.columns * layer.shape.pixels();
    }
    return total;
  }
};

}  // namespace squeezebar
