// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rapidcheck.h>

#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

/// Random row groups of one column block, all of which see their whole input from the start.
struct RandomBlock {
  ChipBench bench;
  std::vector<std::uint32_t> bit_cycles;  ///< T_g of each group
  int waves = 1;
  Cycles stage = 1;

  [[nodiscard]] Workload workload() const {
    return [this](int, int group, std::int64_t) { return bit_cycles[static_cast<std::size_t>(group)]; };
  }
  /// max over row groups of ceil(waves / replicas_g) * T_g, then the tail of six stages.
  [[nodiscard]] Cycles law() const {
    Cycles longest = 0;
    for (std::size_t g = 0; g < bit_cycles.size(); ++g) {
      const int replicas = bench.plan.layers[0].places[g].replicas;
      longest = std::max(longest, Cycles{(waves + replicas - 1) / replicas} * bit_cycles[g] * stage);
    }
    return longest + 6 * stage;
  }
};

RandomBlock random_block(bool equal_groups) {
  RandomBlock out;
  out.waves = *rc::gen::inRange(1, 60);
  out.stage = *rc::gen::inRange(1, 200);
  const int groups = *rc::gen::inRange(1, 6);
  const int replicas = *rc::gen::inRange(1, 8);
  const auto bits = static_cast<std::uint32_t>(*rc::gen::inRange(1, 20));
  std::vector<ChipBench::Group> plans;
  for (int g = 0; g < groups; ++g) {
    out.bit_cycles.push_back(equal_groups ? bits : static_cast<std::uint32_t>(*rc::gen::inRange(1, 20)));
    plans.push_back({out.stage, equal_groups ? replicas : *rc::gen::inRange(1, 8), 0});
  }
  const int layer = out.bench.layer("conv", out.waves, plans, out.stage, 5 * out.stage);
  out.bench.connect_elementwise(-1, layer, out.waves);
  return out;
}

}  // namespace

TEST_CASE("law: equal row groups take ceil(waves / replicas) * T + tail at any partial-sum depth") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(true);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    RC_ASSERT(simulate_apart(block.bench.plan, block.workload()).image_ends ==
              std::vector<Cycles>{block.law()});
  }));
}

TEST_CASE("law: unequal row groups take the slowest one's time when partial sums have room") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(1000);
    RC_ASSERT(simulate_apart(block.bench.plan, block.workload()).image_ends ==
              std::vector<Cycles>{block.law()});
  }));
}

TEST_CASE("law: busy, idle and stalled time sum to lanes times the length of the run") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    const Outcome run = simulate_apart(block.bench.plan, block.workload());
    RC_ASSERT(run.error.empty());
    const LayerTiming& t = run.layers[0];
    RC_ASSERT(t.busy + t.idle + t.stall_input + t.stall_partial_sum + t.stall_output == t.lanes * run.end);
    Cycles work = 0;
    for (const std::uint32_t bits : block.bit_cycles) work += Cycles{block.waves} * bits * block.stage;
    RC_ASSERT(t.busy == work);
  }));
}

TEST_CASE("law: more replicas never slow a layer down") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    const Cycles before = simulate_apart(block.bench.plan, block.workload()).image_ends.back();
    for (LanePlace& place : block.bench.plan.layers[0].places) place.replicas *= 2;
    RC_ASSERT(simulate_apart(block.bench.plan, block.workload()).image_ends.back() <= before);
  }));
}

TEST_CASE("law: any additional replica of any row group never slows a layer down") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    const Cycles before = simulate_apart(block.bench.plan, block.workload()).image_ends.back();
    for (LanePlace& place : block.bench.plan.layers[0].places) place.replicas += *rc::gen::inRange(0, 4);
    RC_ASSERT(simulate_apart(block.bench.plan, block.workload()).image_ends.back() <= before);
  }));
}

TEST_CASE("law: twice the replicas never slow a layer down, whatever each wave takes") {
  // One more replica can: waves are dealt in turn, and all long ones may fall on one of three.
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    const auto salt = *rc::gen::inRange<std::uint32_t>(0, 1000);
    const Workload skipping = [&](int layer, int group, std::int64_t wave) {
      const auto draw = (static_cast<std::uint32_t>(wave * 31 + group * 7) + salt) * 2654435761U >> 28U;
      return std::min(draw, block.workload()(layer, group, wave));
    };
    const Cycles before = simulate_apart(block.bench.plan, skipping).image_ends.back();
    for (LanePlace& place : block.bench.plan.layers[0].places) place.replicas *= 2;
    RC_ASSERT(simulate_apart(block.bench.plan, skipping).image_ends.back() <= before);
  }));
}

TEST_CASE("law: without contention every row group is busy for its own waves and nothing else") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(1000);
    const Outcome run = simulate_apart(block.bench.plan, block.workload());
    Cycles sum = 0;
    for (const std::uint32_t bits : block.bit_cycles) sum += Cycles{block.waves} * bits * block.stage;
    RC_ASSERT(run.layers[0].busy == sum);
    RC_ASSERT(run.layers[0].stalled() == 0);
  }));
}

TEST_CASE("law: it makes no difference to time on which tile a row group stands") {
  CHECK(rc::check([] {
    RandomBlock block = random_block(false);
    block.bench.set_depth(*rc::gen::inRange(1, 4));
    const Outcome together = simulate_apart(block.bench.plan, block.workload());
    for (LanePlace& place : block.bench.plan.layers[0].places) {
      for (int r = 0; r < place.replicas; ++r) place.tiles.push_back(*rc::gen::inRange(0, 5));
    }
    const Outcome apart = simulate_apart(block.bench.plan, block.workload());
    RC_ASSERT(apart.image_ends == together.image_ends);
    RC_ASSERT(apart.layers[0].busy == together.layers[0].busy);
    RC_ASSERT(apart.layers[0].stall_partial_sum == together.layers[0].stall_partial_sum);
  }));
}
