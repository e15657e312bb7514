// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/integer_layer.h"

#include <rapidcheck.h>

#include "sim/base/registry.h"
#include "sim/numerics/requantise.h"
#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

/// A linear layer whose outputs tell their sums apart.
Network linear_network(const Quantisation& input, int channels, const std::vector<std::int16_t>& weights) {
  const int rows = static_cast<int>(weights.size()) / channels;
  Layer layer;
  layer.inputs = {0};
  layer.op = Registry<Operator>::instance().create("linear");
  layer.shape = {channels, 1, 1};
  layer.window = layer.op->window({rows, 1, 1}, std::vector<std::int64_t>{channels, rows});
  layer.weights = {rows, channels, 15, weights};
  layer.quantisation = {16, true, 1.0, 0, -32768, 32767};
  layer.bias.assign(static_cast<std::size_t>(channels), 0);
  layer.multiplier.assign(static_cast<std::size_t>(channels), 1e-6);
  Network network;
  network.input_shape = {rows, 1, 1};
  network.input = input;
  network.layers.push_back(std::move(layer));
  network.output = 1;
  return network;
}

/// The codes of all sums, in 64 bits.
std::vector<std::uint16_t> expected(const Network& network, const FeatureMap& in) {
  const Layer& layer = network.layers[0];
  std::vector<std::uint16_t> out;
  for (int c = 0; c < layer.weights.columns; ++c) {
    std::int64_t sum = 0;
    for (int r = 0; r < layer.weights.rows; ++r)
      sum += std::int64_t{in.value(static_cast<std::size_t>(r), network.input.is_signed)} *
             layer.weights.at(r, c);
    out.push_back(to_code(requantise(256 * sum, 0, 1e-6, layer.quantisation)));
  }
  return out;
}

TEST_CASE("sums of any width are those of 64 bits") {
  CHECK(rc::check("random layers", [] {
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const bool is_signed = random.chance(50);
    const int bits = random.pick({1, 8, 15, 16});
    const int largest_weight = random.pick({1, 127, 32767});
    const int rows = random.between(1, 400);
    const int channels = random.between(1, 5);
    const int low = is_signed ? -(1 << (bits - 1)) : 0;
    const int high = low + (1 << bits) - 1;
    FeatureMap in{{rows, 1, 1}, {}};
    for (int r = 0; r < rows; ++r)
      in.codes.push_back(static_cast<std::uint16_t>(random.chance(50) ? random.between(low, high)
                                                                      : random.pick({low, high})));
    std::vector<std::int16_t> weights;
    for (int i = 0; i < rows * channels; ++i)
      weights.push_back(static_cast<std::int16_t>(random.between(-largest_weight, largest_weight)));
    const Network network = linear_network({bits, is_signed, 1.0, low, low, high}, channels, weights);
    RC_ASSERT(evaluate_reference(network, in)[1].codes == expected(network, in));
  }));
}

TEST_CASE("sums at the end of 32 bits") {
  for (const int rows : {131'072 / 2, 131'072 / 2 + 2, 131'072}) {  // times 255 x 128: on either side of 2^31
    const std::vector<std::int16_t> weights(static_cast<std::size_t>(rows), 128);
    const Network network = linear_network({8, false, 1.0, 0, 0, 255}, 1, weights);
    const FeatureMap in{{rows, 1, 1}, std::vector<std::uint16_t>(static_cast<std::size_t>(rows), 255)};
    CHECK(evaluate_reference(network, in)[1].codes == expected(network, in));
  }
}

}  // namespace
}  // namespace squeezebar::test
