// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/integer_layer.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "sim/numerics/requantise.h"

namespace squeezebar {
namespace {

/// Whether 16 bits hold every code and 32 bits every sum of products, as nearly always: compilers make
/// vectors of such sums.
bool is_narrow(const WeightMatrix& weights, const FeatureMap& in, const Quantisation& q) {
  std::int64_t largest = std::abs(q.zero_point);
  for (std::size_t i = 0; i < in.codes.size(); ++i)
    largest = std::max<std::int64_t>(largest, std::abs(in.value(i, q.is_signed)));
  if (largest > std::numeric_limits<std::int16_t>::max()) return false;
  const auto rows = static_cast<std::ptrdiff_t>(weights.rows);
  for (auto channel = weights.values.begin(); channel != weights.values.end(); channel += rows) {
    const std::int64_t sum =
        std::accumulate(channel, channel + rows, std::int64_t{0},
                        [](std::int64_t all, int weight) { return all + std::abs(weight); });
    if (sum * largest > std::numeric_limits<std::int32_t>::max()) return false;
  }
  return true;
}

template <class Code, class Sum>
FeatureMap multiply_matrix(const Layer& layer, const FeatureMap& in, const Quantisation& q) {
  const Window& w = layer.window;
  const auto at = [](const FeatureShape& shape, int c, int y, int x) {
    return static_cast<std::size_t>((std::int64_t{c} * shape.height + y) * shape.width + x);
  };
  FeatureMap out{layer.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer.shape.size()))};
  std::vector<Code> vector(static_cast<std::size_t>(layer.weights.rows));
  for (int y = 0; y < layer.shape.height; ++y) {
    for (int x = 0; x < layer.shape.width; ++x) {
      std::size_t r = 0;
      for (int c = 0; c < in.shape.channels; ++c) {
        for (int i = 0; i < w.kernel_height; ++i) {
          for (int j = 0; j < w.kernel_width; ++j) {
            const int row = y * w.stride_height - w.top + i;
            const int column = x * w.stride_width - w.left + j;
            const bool inside = row >= 0 && row < in.shape.height && column >= 0 && column < in.shape.width;
            vector[r++] = static_cast<Code>(inside ? in.value(at(in.shape, c, row, column), q.is_signed)
                                                   : q.zero_point);
          }
        }
      }
      const std::int16_t* weights = layer.weights.values.data();
      for (int channel = 0; channel < layer.weights.columns; ++channel, weights += layer.weights.rows) {
        Sum sum = 0;
        for (std::size_t k = 0; k < vector.size(); ++k) sum += Sum{vector[k]} * weights[k];
        const auto o = static_cast<std::size_t>(channel);
        out.codes[at(layer.shape, channel, y, x)] = to_code(
            requantise(256 * std::int64_t{sum}, layer.bias[o], layer.multiplier[o], layer.quantisation));
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
  if (!layer.on_crossbars()) return evaluate_vector_layer(network, layer, nodes);
  const FeatureMap& in = nodes[static_cast<std::size_t>(layer.inputs[0])];
  const Quantisation& q = network.quantisation(layer.inputs[0]);
  return is_narrow(layer.weights, in, q) ? multiply_matrix<std::int16_t, std::int32_t>(layer, in, q)
                                         : multiply_matrix<std::int32_t, std::int64_t>(layer, in, q);
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
