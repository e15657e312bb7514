// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/synthetic.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/numerics/integer_layer.h"
#include "tests/catch.h"
#include "tests/unit/workload/bundle_folder.h"

// Bundles with shapes in place of tensors.

namespace squeezebar::test {
namespace {

const char* const kShapes = R"(format: squeezebar-bundle
version: 1
name: shapes
input: {name: image, shape: [8, 12, 12], bits: 8, signed: false, scale: 1.0, zero_point: 3}
output: fc
synthetic:
  distribution: student_t
  degrees_of_freedom: 4
  scheme: s_window
  window: 3
  seed: 9
layers:
  - name: conv
    op: conv2d
    inputs: [image]
    attributes: {stride: [1, 1], padding: [1, 1, 1, 1]}
    magnitude_bits: 8
    weight: {shape: [32, 8, 3, 3]}
    output: {bits: 8, signed: false, scale: 1.0, zero_point: 0, min: 0, max: 255}
  - name: fc
    op: linear
    inputs: [conv]
    magnitude_bits: 6
    weight: {shape: [10, 4608]}
    output: {bits: 16, signed: true, scale: 1.0, zero_point: 0, min: -32768, max: 32767}
)";

Bundle load(const BundleFolder& folder, const DrawOptions& draw = {}) {
  Diagnostics diagnostics;
  Bundle bundle = load_bundle(folder.path(), diagnostics, draw);
  REQUIRE(diagnostics.text() == "");
  return bundle;
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kShapes;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

double rms(const FeatureMap& map, const Quantisation& q) {
  double squares = 0;
  for (std::size_t i = 0; i < map.codes.size(); ++i)
    squares += std::pow(map.value(i, q.is_signed) - q.zero_point, 2);
  return std::sqrt(squares / static_cast<double>(map.codes.size()));
}

TEST_CASE("a bundle of shapes gets weights, biases, multipliers and images") {
  const BundleFolder folder;
  folder.write("network.yaml", kShapes);
  const Bundle bundle = load(folder);
  const Layer& conv = bundle.network.layers[0];
  CHECK(conv.weights.rows == 72);
  CHECK(conv.weights.columns == 32);
  CHECK(conv.weights.values.size() == 72 * 32);
  CHECK(conv.is_convolution());
  for (int channel = 0; channel < 32; ++channel) {
    int sum = 0;
    for (int row = 0; row < 72; ++row) sum += conv.weights.at(row, channel);
    CHECK(conv.bias[static_cast<std::size_t>(channel)] == -3 * sum);
  }
  CHECK(bundle.images() > 1'000'000);
  CHECK(bundle.samples.count() == 0);
  CHECK(synthetic_parts(bundle) ==
        std::vector<std::string>{"weights drawn from student_t (4 degrees of freedom), quantised by s_window "
                                 "(3 bits), bundle seed 9",
                                 "inputs drawn from uniform codes"});
}

TEST_CASE("results of drawn weights use the range of their output") {
  const BundleFolder folder;
  folder.write("network.yaml", kShapes);
  const Bundle bundle = load(folder);
  const auto nodes = evaluate_reference(bundle.network, sample_input(bundle, 0));
  // Half of a Gaussian with a deviation of 255 / 4, and a whole one of 32768 / 4.
  CHECK(rms(nodes[1], bundle.network.quantisation(1)) == Approx(255.0 / 4 / std::sqrt(2.0)).epsilon(0.25));
  CHECK(rms(nodes[2], bundle.network.quantisation(2)) == Approx(8192).epsilon(0.6));
}

TEST_CASE("the seeds of bundle and run change weights and images") {
  const BundleFolder folder;
  folder.write("network.yaml", kShapes);
  const Bundle first = load(folder);
  const auto& weights = first.network.layers[0].weights.values;
  CHECK(load(folder).network.layers[0].weights.values == weights);
  const Bundle other_run = load(folder, {.seed = 2});
  CHECK(other_run.network.layers[0].weights.values != weights);
  CHECK(sample_input(other_run, 0).codes != sample_input(first, 0).codes);
  CHECK(sample_input(first, 1).codes != sample_input(first, 0).codes);
  folder.write("network.yaml", changed("seed: 9", "seed: 10"));
  CHECK(load(folder).network.layers[0].weights.values != weights);
}

TEST_CASE("images may be drawn for a bundle that has samples or none") {
  const BundleFolder folder;
  const Bundle own = load(folder);
  CHECK(synthetic_parts(own).empty());
  const Bundle drawn = load(folder, {.inputs = InputDistribution::half_normal});
  CHECK(drawn.samples.labels.empty());
  CHECK(drawn.images() > own.images());
  CHECK(sample_input(drawn, 0).codes != sample_input(own, 0).codes);
  CHECK(synthetic_parts(drawn) == std::vector<std::string>{"inputs drawn from half_normal codes"});
  const std::string text = kTinyNetwork;
  folder.write_network(text.substr(0, text.find("samples:")));
  CHECK(load(folder).images() == 0);
  CHECK(load(folder, {.inputs = InputDistribution::uniform}).images() > 0);
}

TEST_CASE("faults of synthetic bundles are reported at their place") {
  struct Fault {
    std::string from;
    std::string to;
    std::string message;
  };
  const std::vector<Fault> faults{
      {"student_t", "cauchy", "network.yaml:7:17: error: synthetic.distribution: "},
      {"  distribution: student_t\n", "", "synthetic.distribution: missing; give a value (one of"},
      {"freedom: 4", "freedom: 0.5",
       "8:23: error: synthetic.degrees_of_freedom: student_t needs degrees_of_freedom of at least 1"},
      {"  degrees_of_freedom: 4\n", "", "synthetic.degrees_of_freedom: student_t needs degrees_of_freedom"},
      {"student_t", "laplace", "synthetic.degrees_of_freedom: only student_t has degrees of freedom"},
      {"freedom: 4", "freedom: 1001", "8:23: error: synthetic.degrees_of_freedom: "},
      {"freedom: 4", "freedom: .inf", "8:23: error: synthetic.degrees_of_freedom: "},
      {"scheme: s_window", "scheme: apot", "9:11: error: synthetic.scheme: "},
      {"scheme: s_window", "scheme: uniform", "10:11: error: synthetic.window: only s_window has a window"},
      {"window: 3", "window: 0", "10:11: error: synthetic.window: s_window needs a window of at least 1"},
      {"window: 3", "window: 16", "10:11: error: synthetic.window: "},
      {"seed: 9", "seed: -1", "11:9: error: synthetic.seed: "},
      {"seed: 9", "sead: 9", "unknown key 'sead'; did you mean 'seed'?"},
      {"seed: 9", "seed: 9\n  inputs: normal", "12:11: error: synthetic.inputs: "},
      {"synthetic:\n", "synthetic: yes\nother:\n", "synthetic: must be a map"},
      {"weight: {shape: [32, 8, 3, 3]}", "weight: [32, 8, 3, 3]", "conv.weight: must be a map"},
      {"weight: {shape: [32, 8, 3, 3]}", "weight: {file: a.npy, shape: [32, 8, 3, 3]}",
       "conv.weight: unknown key 'file'"},
      {"    weight: {shape: [32, 8, 3, 3]}\n", "", "conv.weight: is missing"},
      {"[32, 8, 3, 3]", "[32, 8, 3]", "conv.weight.shape: (32, 8, 3) does not fit conv2d"},
      {"[32, 8, 3, 3]", "[0, 8, 3, 3]", "conv.weight.shape: (0, 8, 3, 3) holds no value"},
      {"[32, 8, 3, 3]", "[2000000000, 2000000000, 2000000000, 2000000000]",
       "conv.weight.shape: holds more than 1073741824 values"},
      {"[32, 8, 3, 3]", "[32, 8, 0, 3]",
       "conv.weight.shape: (32, 8, 0, 3) holds no value; every extent must be at least 1"},
      {"[32, 8, 3, 3]", "[65536, 65536, 65536, 65536]", "conv.weight.shape: holds more than"},
      {"[32, 8, 3, 3]", "[65536, 8, 46, 46]", "conv.weight.shape: holds more than"},
      {"[32, 8, 3, 3]", "[32, 9, 3, 3]", "conv: its weights are for 9 input channels, its input has 8"},
      {"    magnitude_bits: 8\n", "", "conv.magnitude_bits: is missing"},
      {"magnitude_bits: 8", "magnitude_bits: 8\n    bias: {shape: [32]}",
       "18:5: error: conv.bias: must be left out: a synthetic bundle makes it"},
      {"magnitude_bits: 8", "magnitude_bits: 8\n    multiplier: {shape: [32]}",
       "conv.multiplier: must be left out"},
      {"magnitude_bits: 8", "magnitude_bits: 8\n    weight_scale: 3", "conv.weight_scale: must be left out"},
      {"layers:", "samples: {}\nlayers:", "12:1: error: samples: must be left out"},
      {"layers:", "expected: {}\nlayers:", "12:1: error: expected: must be left out"},
  };
  const BundleFolder folder;
  for (const Fault& fault : faults) {
    INFO(fault.from << " -> " << fault.to);
    folder.write("network.yaml", changed(fault.from, fault.to));
    CHECK_THAT(folder.errors(), ContainsSubstring(fault.message));
  }
}

TEST_CASE("a zero point far from zero may need biases that do not fit") {
  const BundleFolder folder;
  std::string text = changed("zero_point: 3", "zero_point: 60000");
  text.replace(text.find("bits: 8"), 7, "bits: 16");
  text.replace(text.find("magnitude_bits: 8"), 17, "magnitude_bits: 15");
  text.replace(text.find("window: 3"), 9, "window: 15");
  folder.write("network.yaml", text);
  CHECK_THAT(folder.errors(),
             ContainsSubstring("7:3: error: conv: the zero point of its input needs biases of more than 32"));
}

TEST_CASE("more weights than are drawn are refused") {
  const BundleFolder folder;
  folder.write("network.yaml", kShapes);
  Diagnostics diagnostics;
  static_cast<void>(load_bundle(folder.path(), diagnostics, {.most_weights = 1000}));
  CHECK_THAT(diagnostics.text(), ContainsSubstring("synthetic: the network has 48384 weights, at most 1000"));
}

TEST_CASE("shapes alone need the map synthetic") {
  const BundleFolder folder;
  std::string text = kShapes;
  const std::size_t from = text.find("synthetic:");
  text.erase(from, text.find("layers:") - from);
  folder.write("network.yaml", text);
  CHECK_THAT(folder.errors(),
             ContainsSubstring("12:13: error: conv.weight: names no file; a bundle of shapes alone needs"));
}

}  // namespace
}  // namespace squeezebar::test
