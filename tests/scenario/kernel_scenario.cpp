// SPDX-License-Identifier: Apache-2.0
// What a chip costs SystemC: modules and delta cycles.
#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

constexpr int kWaveCount = 40;

/// A layer of so many lanes, of `parts` components each, whose replicas go round the tiles.
ChipBench lanes(int count, int tiles = 1, int replicas = 1, int parts = 0) {
  ChipBench bench;
  const ChipBench::Group group{.bit_cycle = 7, .replicas = replicas};
  const int layer =
      bench.layer("conv", kWaveCount, std::vector<ChipBench::Group>(static_cast<std::size_t>(count), group));
  bench.connect_elementwise(-1, layer, kWaveCount);
  std::vector<PathPart> path;
  for (int part = 0; part < parts; ++part) path.push_back({"part_" + std::to_string(part)});
  const auto shared = std::make_shared<const std::vector<PathPart>>(path);
  int tile = 0;
  for (LanePlan& lane : bench.plan.layers[0].engine.lanes) lane.stages.front().path = shared;
  for (LanePlace& place : bench.plan.layers[0].places) {
    for (int r = 0; r < replicas; ++r) place.tiles.push_back(tile++ % tiles);
  }
  return bench;
}

Outcome run(const ChipBench& bench, const Workload& workload = constant(3)) {
  Outcome out = simulate_apart(bench.plan, workload);
  REQUIRE(out.error.empty());
  return out;
}

}  // namespace

TEST_CASE("a lane is one module for each replica, whatever its waves pass") {
  const std::size_t few = run(lanes(10)).modules;
  CHECK(run(lanes(30)).modules == few + 20);
  CHECK(run(lanes(10, 1, 4)).modules == few + 30);
  CHECK(run(lanes(30, 1, 1, 11)).modules == few + 20 + 11);
}

TEST_CASE("components are one module of each kind in a tile that has such lanes") {
  const std::size_t none = run(lanes(30, 5)).modules;
  CHECK(run(lanes(30, 5, 1, 11)).modules == none + 5 * 11);
  CHECK(run(lanes(60, 5, 1, 11)).modules == none + 30 + 5 * 11);
}

TEST_CASE("however many lanes go together, the kernel takes two events for a wave of all of them") {
  const std::uint64_t one = run(lanes(1)).delta_cycles;
  const std::uint64_t many = run(lanes(50)).delta_cycles;
  // With room for one result all but the last one wait for it.
  CHECK(many <= one + kWaveCount);
  CHECK(run(lanes(100)).delta_cycles == many);
  CHECK(one <= 4 * kWaveCount);  // the lane's, the link's, the pixel's
}

TEST_CASE("a lane takes at most two events of the kernel for a wave, whatever the others do") {
  const auto unequal = [](int, int lane, std::int64_t wave) {
    return static_cast<std::uint32_t>((lane * 13 + wave * 7) % 11);
  };
  const Outcome outcome = run(lanes(20), Workload(unequal));
  CHECK(outcome.delta_cycles <= 2 * 20 * kWaveCount + 4 * kWaveCount);
}
