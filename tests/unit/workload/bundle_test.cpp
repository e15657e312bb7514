// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/bundle.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "sim/base/hash.h"
#include "sim/numerics/integer_layer.h"
#include "tests/catch.h"
#include "tests/unit/workload/bundle_folder.h"

namespace squeezebar::test {
namespace {

Bundle load_good(const std::filesystem::path& folder) {
  Diagnostics diagnostics;
  Bundle bundle = load_bundle(folder, diagnostics);
  REQUIRE(diagnostics.text() == "");
  return bundle;
}

std::vector<std::int64_t> stored_values(const FeatureMap& map, const Quantisation& q) {
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < map.codes.size(); ++i) out.push_back(map.value(i, q.is_signed));
  return out;
}

TEST_CASE("the shipped bundles load with what they say", "[digits]") {
  for (const char* name : {"dense", "p50", "p70", "p90"}) {
    INFO(name);
    const std::filesystem::path folder =
        std::filesystem::path(SQUEEZEBAR_SOURCE_DIR "/workloads/digits") / name;
    const Bundle bundle = load_good(folder);
    const Network& network = bundle.network;
    CHECK(network.name == fmt::format("digits-{}", name));
    CHECK(bundle.hash == sha256_hex_of_file(folder / "network.yaml"));
    CHECK(network.input_shape == FeatureShape{1, 8, 8});
    CHECK(network.shape(network.output) == FeatureShape{10, 1, 1});
    CHECK(network.quantisation(network.output).bits == 16);
    std::vector<std::string> names;
    for (const Layer& layer : network.layers) names.push_back(layer.name);
    CHECK(names == std::vector<std::string>{"conv1", "conv2", "pool2", "conv3", "pool3", "fc1", "fc2"});
    CHECK(network.layers[3].shape == FeatureShape{32, 4, 4});
    CHECK(network.layers[3].weights.rows == 288);
    CHECK(network.layers[3].is_convolution());
    CHECK_FALSE(network.layers[5].is_convolution());
    CHECK(network.ops() == 2 * (9 * 16 * 64 + 144 * 32 * 64 + 288 * 32 * 16 + 128 * 64 + 64 * 10));

    CHECK(bundle.samples.count() == 599);
    CHECK(bundle.samples.labels.size() == 599);
    CHECK(*std::max_element(bundle.samples.labels.begin(), bundle.samples.labels.end()) == 9);
    CHECK(bundle.expected.shape == std::vector<std::int64_t>{16, 10});

    std::int64_t zeros = 0;
    std::int64_t weights = 0;
    for (const Layer& layer : network.layers) {
      zeros += std::count(layer.weights.values.begin(), layer.weights.values.end(), 0);
      weights += static_cast<std::int64_t>(layer.weights.values.size());
    }
    REQUIRE(bundle.provenance.sparsity.has_value());
    CHECK(*bundle.provenance.sparsity ==
          Approx(static_cast<double>(zeros) / static_cast<double>(weights)).margin(1e-12));
    REQUIRE(bundle.provenance.float_accuracy_top1.has_value());
    CHECK(*bundle.provenance.float_accuracy_top1 > 0.9);
    CHECK_FALSE(bundle.provenance.command.empty());
  }
}

TEST_CASE("the integer reference gives the expected outputs of the shipped bundles", "[digits]") {
  for (const char* name : {"dense", "p50", "p70", "p90"}) {
    INFO(name);
    const Bundle bundle = load_good(std::filesystem::path(SQUEEZEBAR_SOURCE_DIR "/workloads/digits") / name);
    const auto expected = bundle.expected.as<std::int64_t>();
    std::vector<std::int64_t> outputs;
    for (int i = 0; i < bundle.expected.shape[0]; ++i) {
      const auto nodes = evaluate_reference(bundle.network, sample_input(bundle, i));
      const auto output = static_cast<std::size_t>(bundle.network.output);
      const auto values = stored_values(nodes[output], bundle.network.quantisation(bundle.network.output));
      outputs.insert(outputs.end(), values.begin(), values.end());
    }
    CHECK(outputs == expected);
  }
}

TEST_CASE("a hand-made bundle is read field by field") {
  const BundleFolder folder;
  const Bundle bundle = load_good(folder.path());
  const Network& network = bundle.network;
  CHECK(network.input == Quantisation{8, false, 0.5, 3, 0, 255});
  REQUIRE(network.layers.size() == 6);
  const Layer& conv = network.layers[0];
  CHECK(conv.inputs == std::vector<int>{0});
  CHECK(conv.window.top == 1);
  CHECK(conv.window.right == 0);
  CHECK(conv.shape == FeatureShape{2, 3, 3});
  CHECK(conv.quantisation == Quantisation{8, true, 0.1, -5, -128, 127});
  CHECK(conv.weights.at(2, 0) == 3);
  CHECK(conv.weights.at(0, 1) == -127);
  CHECK(conv.bias == std::vector<std::int32_t>{10, -300});
  CHECK(conv.multiplier == std::vector<double>{0.5, 0.125});
  CHECK(network.layers[2].inputs == std::vector<int>{1, 2});
  CHECK(network.layers[5].weights.rows == 8);
  CHECK(network.layers[5].weights.magnitude_bits == 8);
  CHECK(network.output == 6);
  CHECK(bundle.samples.labels == std::vector<int>{0, 2});
  CHECK(sample_input(bundle, 1).codes == std::vector<std::uint16_t>{9, 8, 70, 6, 5, 4, 30, 2, 1});
  CHECK(bundle.provenance.sparsity == 0.25);
  CHECK_FALSE(bundle.provenance.float_accuracy_top1.has_value());
}

TEST_CASE("the float network's accuracy is that of the images asked for, or is not known") {
  const BundleFolder folder;  // two samples
  const auto accuracy = [&](const std::string& provenance, int first, int count) {
    folder.write("provenance.yaml", provenance);
    return float_accuracy(load_good(folder.path()), first, count);
  };
  const std::string of_all = "float_accuracy_top1: 0.5\n";
  CHECK(accuracy(of_all, 0, 2) == 0.5);
  CHECK_FALSE(accuracy(of_all, 0, 1));
  CHECK_FALSE(accuracy(of_all, 1, 1));
  const std::string of_more = "float_accuracy_top1: 0.75\naccuracy_images: 4\n";
  CHECK_FALSE(accuracy(of_more, 0, 2));
  CHECK(accuracy(of_more, 0, 4) == 0.75);
  const std::string of_each = of_more + "float_wrong: [1]\n";
  CHECK(accuracy(of_each, 0, 2) == 0.5);
  CHECK(accuracy(of_each, 0, 1) == 1.0);
  CHECK(accuracy(of_each, 1, 1) == 0.0);
  CHECK_FALSE(accuracy(of_each, 3, 2));
  CHECK(accuracy(of_more + "float_wrong: []\n", 0, 2) == 1.0);
}

TEST_CASE("layers may stand in any order in the file") {
  const BundleFolder folder;
  std::string text = kTinyNetwork;
  const std::size_t first = text.find("  - name: conv");
  const std::size_t second = text.find("  - name: positive");
  const std::size_t last = text.find("samples:");
  text = fmt::format("{}{}{}{}", text.substr(0, first), text.substr(second, last - second),
                     text.substr(first, second - first), text.substr(last));
  const Bundle straight = load_good(folder.path());
  folder.write_network(text);
  const Bundle shuffled = load_good(folder.path());
  REQUIRE(shuffled.network.layers.size() == straight.network.layers.size());
  for (std::size_t i = 0; i < straight.network.layers.size(); ++i) {
    CHECK(shuffled.network.layers[i].name == straight.network.layers[i].name);
    CHECK(shuffled.network.layers[i].inputs == straight.network.layers[i].inputs);
  }
}

}  // namespace
}  // namespace squeezebar::test
