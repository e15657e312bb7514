// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/place_layers.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "models/index_memory/index_memory.h"
#include "sim/compile/chip_plan_builder.h"
#include "sim/compile/cost_table.h"
#include "sim/engine/crossbar/row_group_time.h"
#include "sim/engine/crossbar/row_group_work.h"
#include "sim/workload/bundle.h"
#include "tests/catch.h"
#include "tests/rate.h"

namespace squeezebar::test {
namespace {

const std::string kRoot = SQUEEZEBAR_SOURCE_DIR;

/// The digits network, 70 % pruned, on SME's banks.
struct Digits {
  explicit Digits(std::vector<std::string> overrides) {
    overrides.insert(overrides.begin(), "chip.tiles=128");
    config = load_config(kRoot + "/configs/examples/digits_sme.yaml", overrides);
    bundle = load_bundle(kRoot + "/workloads/digits/p70", diagnostics);
    hardware = build_hardware(config, bundle.network, nullptr, diagnostics);
  }
  [[nodiscard]] ChipPlan plan() const { return build_chip_plan(config, bundle.network, hardware, 1, false); }
  [[nodiscard]] std::int64_t replicated() const {
    std::int64_t sum = 0;
    for (const PlacedLayer& place : hardware.places) sum += place.crossbars;
    return sum;
  }
  /// Cycles per image of the row group that takes longest.
  [[nodiscard]] double bottleneck() const {
    double longest = 0;
    for (std::size_t i = 0; i < hardware.layers.size(); ++i) {
      for (const MappedGroup& group : hardware.layers[i].mapping.groups) {
        const double cycles = static_cast<double>(bit_cycle_of(config, group).length) *
                              stream_length(bundle.network.quantisation(bundle.network.layers[i].inputs[0]),
                                            hardware.geometry, group);
        longest = std::max(longest, cycles * bundle.network.layers[i].waves() / group.replicas);
      }
    }
    return longest;
  }

  Diagnostics diagnostics;
  Config config;
  Bundle bundle;
  Hardware hardware;
};

TEST_CASE("balanced replication spends its budget and speeds the bottleneck up") {
  const Digits fixed({});
  const Digits balanced({"mapping.replication=balanced"});
  REQUIRE_FALSE(balanced.diagnostics.has_errors());
  std::int64_t budget = 0;
  for (const MappedLayer& layer : balanced.hardware.layers) budget += layer.dense_sliced;
  CHECK(balanced.replicated() <= budget);
  // No plane of any row group is empty, so nothing has been freed.
  CHECK(budget == 112);
  CHECK(balanced.replicated() == fixed.replicated());
  const Digits whole({"mapping.replication=balanced", "mapping.crossbar_budget=chip"});
  CHECK_FALSE(whole.diagnostics.has_errors());
  CHECK(whole.replicated() > 10 * fixed.replicated());
  CHECK(whole.bottleneck() < fixed.bottleneck() / 10);
  // The conventional mapping takes fewer crossbars than are allocated.
  const Digits conventional({"mapping.replication=balanced", "mapping.crossbar_budget=conventional"});
  CHECK(conventional.replicated() == fixed.replicated());
}

TEST_CASE("a budget of the chip fits its tiles with either placement") {
  const std::string placement = GENERATE("in_order", "longest_first");
  const int tiles = GENERATE(5, 6, 9, 20);
  const Digits digits({fmt::format("chip.tiles={}", tiles), "tile.elements=4",
                       "mapping.placement=" + placement, "mapping.replication=balanced",
                       "mapping.crossbar_budget=chip"});
  CAPTURE(placement, tiles, digits.diagnostics.text());
  const Digits single(
      {fmt::format("chip.tiles={}", tiles), "tile.elements=4", "mapping.placement=" + placement});
  CHECK(digits.diagnostics.has_errors() == single.diagnostics.has_errors());
  if (digits.diagnostics.has_errors()) return;
  int used = 0;
  for (const PlacedLayer& place : digits.hardware.places)
    used = std::max(used, place.first_tile + place.tiles);
  CHECK(used <= tiles);
}

TEST_CASE("longest first keeps row groups whole on tiles that are not overfull") {
  const Digits digits({"mapping.placement=longest_first", "mapping.replicas=7", "tile.elements=3"});
  REQUIRE_FALSE(digits.diagnostics.has_errors());
  std::map<int, std::uint64_t> crossbars;
  for (const LayerPlan& layer : digits.plan().layers) {
    for (int lane = 0; lane < layer.lanes(); ++lane) {
      const std::vector<int>& tiles = layer.places[static_cast<std::size_t>(lane)].tiles;
      REQUIRE(tiles.size() == 7);
      for (const int tile : tiles) crossbars[tile] += static_cast<std::uint64_t>(layer.lane(lane).units);
    }
  }
  CHECK(crossbars.size() > 5);
  for (const auto& [tile, count] : crossbars) CHECK(count <= 24);
}

TEST_CASE("longest first refuses tiles that are smaller than a row group") {
  const Digits digits({"mapping.placement=longest_first", "tile.elements=1", "element.crossbars=2"});
  CHECK_THAT(digits.diagnostics.text(), ContainsSubstring("mapping.placement: longest_first keeps"));
}

TEST_CASE("a layer has the vector units of all its tiles, and so have the vector layers that live with it") {
  const Digits digits({"mapping.replicas=7", "vector_unit.lanes=2"});
  const ChipPlan plan = digits.plan();
  bool spread = false;
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const PlacedLayer& place = digits.hardware.places[i];
    const Layer& layer = digits.bundle.network.layers[i];
    const int lanes = 2 * place.tiles;
    const auto cycles = [&](int values) { return (values + lanes - 1) / lanes; };
    CAPTURE(layer.name, place.tiles);
    CHECK(plan.layers[i].interval == cycles(layer.shape.channels));
    if (layer.on_crossbars()) continue;
    const PlacedLayer& producer = digits.hardware.places[static_cast<std::size_t>(layer.inputs[0] - 1)];
    CHECK(place.first_tile == producer.first_tile);
    CHECK(place.tiles == producer.tiles);
    CHECK(plan.layers[i].service == cycles(layer.shape.channels * std::max(1, layer.op->pool_ops())));
    spread = spread || place.tiles > 1;
  }
  CHECK(spread);
}

TEST_CASE("each tile's buffers are shared by the layers on it") {
  Digits digits({"mapping.replicas=7"});
  const auto shares = [&](Digits& of, std::size_t i) {
    const PlacedLayer& place = of.hardware.places[i];
    return std::pair(place.tiles, place.buffers.pixels(1000, 1));
  };
  // conv2 and its pooling share all their tiles; conv1 is alone on its own.
  const auto [tiles, whole] = shares(digits, 0);
  CHECK(whole == 1000 * tiles);
  const auto [of_both, half] = shares(digits, 1);
  REQUIRE(of_both > 1);
  CHECK(half == 500 * of_both);
  CHECK(shares(digits, 2) == std::pair(of_both, half));

  // A vector layer that reads the network's input is on the first tile alone, beside a layer of several.
  Network& network = digits.bundle.network;
  REQUIRE_FALSE(network.layers[2].on_crossbars());
  network.layers[2].inputs = {0};
  replicate_and_place(digits.config, network, digits.hardware, digits.diagnostics, true);
  REQUIRE(shares(digits, 0).first == tiles);
  REQUIRE(tiles > 1);
  CHECK(shares(digits, 2) == std::pair(1, 500));
  CHECK(shares(digits, 0).second == 1000 * (tiles - 1) + 500);
  CHECK(shares(digits, 1).second == 1000 * of_both);
}

TEST_CASE("values alone need neither tiles nor whole row groups") {
  const std::vector<std::string> small{"chip.tiles=1", "tile.elements=1", "element.crossbars=2",
                                       "mapping.placement=longest_first"};
  Digits digits(small);
  CHECK(digits.diagnostics.has_errors());
  Diagnostics none;
  digits.hardware = build_hardware(digits.config, digits.bundle.network, nullptr, none, false);
  CHECK_FALSE(none.has_errors());
}

TEST_CASE("a squeezed row group aligns its rows, holds longer words and reads its masks") {
  Digits digits({"mapping.replicas=3"});
  MappedLayer& layer = digits.hardware.layers[0];
  MappedGroup& group = layer.mapping.groups[0];
  const auto first_lane = [&] { return digits.plan().layers[0].lane(0); };
  const LanePlan before = first_lane();
  CHECK(rate(before.rates, "row_conversion", "align", kWaves) == 0);
  CHECK_FALSE(digits.hardware.squeezed());
  const auto rows = static_cast<std::uint64_t>(group.rows());
  for (MappedLayer& any : digits.hardware.layers) {
    any.mapping.index = {};
    for (MappedGroup& of_any : any.mapping.groups) of_any.index = {};
  }
  group.program.shift_bits = 2;
  group.index.row_mask = group.rows();
  group.index.occupancy = 70;
  layer.mapping.index.row_mask = group.rows();
  layer.mapping.index.permutation = 500;
  layer.mapping.index.occupancy = 70;
  const LanePlan after = first_lane();
  CHECK(rate(after.rates, "row_conversion", "align", kWaves) == rows);
  CHECK(rate(after.rates, "input_register", "access", kWaves) == (rows * 10 + 7) / 8);
  CHECK(after.input_bytes == before.input_bytes);
  CHECK(index_bits_per_wave(digits.config, layer) == static_cast<std::int64_t>(rows) + 500);
  CHECK(digits.hardware.squeezed());
  // Masks and occupancy per replica, one permutation; occupancy is part of the configuration unless it is
  // charged.
  const IndexStorage fitted = digits.hardware.fitted_index();
  CHECK(fitted == IndexStorage{3 * 70, 3 * group.rows(), 500, 0, 0});
  CHECK(IndexMemoryParams{}.charged_bits(fitted) == 3 * group.rows() + 500);
  IndexMemoryParams all;
  all.charge_occupancy = true;
  CHECK(all.charged_bits(fitted) == 3 * group.rows() + 500 + 3 * 70);
}

TEST_CASE("parts for sparsity are on the chip only where they are used") {
  const auto instances = [](const CostTable& costs, const char* name) { return costs.find(name)->instances; };
  const Digits plain({});
  const CostTable none = cost_table(plain.config, {.built = 6});
  for (const char* name : {"row_conversion", "zero_detect", "index_memory"})
    CHECK(instances(none, name) == 0);
  const Digits skipping({"row_pipeline.input_zero_skip=true"});
  const CostTable all = cost_table(skipping.config, {.built = 6}, {1000, true});
  CHECK(instances(all, "row_conversion") == 128 * 12);
  CHECK(instances(all, "zero_detect") == 128 * 12);
  CHECK(instances(all, "index_memory") == 1000);
  CHECK(rate(skipping.plan().layers[0].lane(0).rates, "zero_detect", "check", kSkipped) == 1);
}

}  // namespace
}  // namespace squeezebar::test
