// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/integer_layer.h"

#include "sim/numerics/requantise.h"

namespace squeezebar {
namespace {

FeatureMap multiply_matrix(const Network& network, const Layer& layer, const FeatureMap& in) {
  const Quantisation& q = network.quantisation(layer.inputs[0]);
  const Window& w = layer.window;
  const auto at = [&](int c, int y, int x) {
    return (static_cast<std::size_t>(c) * static_cast<std::size_t>(in.shape.height) +
            static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(in.shape.width) +
           static_cast<std::size_t>(x);
  };
  FeatureMap out{layer.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer.shape.size()))};
  std::vector<std::int32_t> vector(static_cast<std::size_t>(layer.weights.rows));
  for (int y = 0; y < layer.shape.height; ++y) {
    for (int x = 0; x < layer.shape.width; ++x) {
      std::size_t r = 0;
      for (int c = 0; c < in.shape.channels; ++c) {
        for (int i = 0; i < w.kernel_height; ++i) {
          for (int j = 0; j < w.kernel_width; ++j) {
            const int row = y * w.stride_height - w.top + i;
            const int column = x * w.stride_width - w.left + j;
            const bool inside = row >= 0 && row < in.shape.height && column >= 0 && column < in.shape.width;
            vector[r++] = inside ? in.value(at(c, row, column), q.is_signed) : q.zero_point;
          }
        }
      }
      for (int channel = 0; channel < layer.weights.columns; ++channel) {
        const std::int16_t* weights =
            layer.weights.values.data() +
            static_cast<std::size_t>(channel) * static_cast<std::size_t>(layer.weights.rows);
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < vector.size(); ++k) sum += std::int64_t{vector[k]} * weights[k];
        const auto o = static_cast<std::size_t>(channel);
        out.codes[(o * static_cast<std::size_t>(layer.shape.height) + static_cast<std::size_t>(y)) *
                      static_cast<std::size_t>(layer.shape.width) +
                  static_cast<std::size_t>(x)] =
            to_code(requantise(256 * sum, layer.bias[o], layer.multiplier[o], layer.quantisation));
      }
    }
  }
  return out;
}

}  // namespace

FeatureMap evaluate_vector_layer(const Network& network, const Layer& layer,
                                 const std::vector<FeatureMap>& nodes) {
  std::vector<OperatorInput> inputs;
  for (const int node : layer.inputs)
    inputs.push_back({&nodes[static_cast<std::size_t>(node)], &network.quantisation(node)});
  FeatureMap out{layer.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer.shape.size()))};
  layer.op->evaluate(inputs, layer.quantisation, out);
  return out;
}

FeatureMap evaluate_layer_reference(const Network& network, const Layer& layer,
                                    const std::vector<FeatureMap>& nodes) {
  return layer.on_crossbars()
             ? multiply_matrix(network, layer, nodes[static_cast<std::size_t>(layer.inputs[0])])
             : evaluate_vector_layer(network, layer, nodes);
}

std::vector<FeatureMap> evaluate_reference(const Network& network, FeatureMap input) {
  std::vector<FeatureMap> nodes;
  nodes.push_back(std::move(input));
  for (const Layer& layer : network.layers) nodes.push_back(evaluate_layer_reference(network, layer, nodes));
  return nodes;
}

int top1(const FeatureMap& output, const Quantisation& quantisation) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < output.codes.size(); ++i) {
    if (output.value(i, quantisation.is_signed) > output.value(best, quantisation.is_signed)) best = i;
  }
  return static_cast<int>(best);
}

}  // namespace squeezebar
