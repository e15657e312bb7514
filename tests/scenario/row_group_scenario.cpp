// SPDX-License-Identifier: Apache-2.0
// Row groups of unequal streams, as squeezing makes them: one waits for the others, to the exact cycle.
#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

ChipBench one_layer(int waves, std::vector<ChipBench::Group> groups) {
  ChipBench bench;
  const int layer = bench.layer("conv", waves, std::move(groups));
  bench.connect_elementwise(-1, layer, waves);
  return bench;
}

/// Row group 0 was squeezed by two planes: 10 bit-cycles a wave; row group 1 was not: 8.
std::uint32_t squeezed_and_not(int, int group, std::int64_t) { return group == 0 ? 10U : 8U; }

struct Expected {
  int depth;
  Cycles stalled;
  Cycles idle;
};

}  // namespace

TEST_CASE("a squeezed row group holds its neighbour up as far as partial sums have no room") {
  // Both start at 0. The short group delivers wave k at 8 (k + 1) at best, the long one at 10 (k + 1).
  // Depth 1: it waits 2 cycles before each of waves 1 to 7. Depth 2: it runs ahead until wave 5 is done at
  // 48, when waves 4 and 5 are held; it waits until 50 and once more from 58 to 60. Deep: it is done at 64.
  const auto [depth, stalled, idle] = GENERATE(Expected{1, 14, 2}, Expected{2, 4, 12}, Expected{1000, 0, 16});
  CAPTURE(depth);
  ChipBench bench = one_layer(8, {{1}, {1}});
  bench.set_depth(depth);
  const Outcome run = simulate_apart(bench.plan, Workload(squeezed_and_not));
  CHECK(run.image_ends == std::vector<Cycles>{80});
  CHECK(run.layers[0].busy == 80 + 64);
  CHECK(run.layers[0].stall_partial_sum == stalled);
  CHECK(run.layers[0].idle == idle);
}

TEST_CASE("row groups of equal streams, as grouping makes them, do not hold each other up") {
  ChipBench bench = one_layer(8, {{1}, {1}});
  bench.set_depth(1);
  const Outcome run = simulate_apart(bench.plan, constant(10));
  CHECK(run.image_ends == std::vector<Cycles>{80});
  CHECK(run.layers[0].stalled() == 0);
}

TEST_CASE("column blocks do not wait for each other's streams") {
  // Without a reducer in common the short one is done at 64.
  ChipBench bench = one_layer(8, {{1, 1, 0}, {1, 1, 1}});
  bench.set_depth(1);
  const Outcome run = simulate_apart(bench.plan, Workload(squeezed_and_not));
  CHECK(run.image_ends == std::vector<Cycles>{80});
  CHECK(run.layers[0].stalled() == 0);
  CHECK(run.layers[0].idle == 16);
}

TEST_CASE("a second replica of the bottleneck alone moves the bottleneck to its neighbour") {
  ChipBench bench = one_layer(6, {{1, 2}, {1, 1}});
  bench.set_depth(1000);
  CHECK(simulate_apart(bench.plan, Workload(squeezed_and_not)).image_ends == std::vector<Cycles>{6 * 8});
}

TEST_CASE("replicas of one row group wait for the single copy of another") {
  // Long group on A0 (even waves) and A1 (odd waves), short group on B; each holds one result.
  // B: 0-8, waits for A0 until 10; 10-18, 18-26, 26-34, 34-42, 42-50 without a gap.
  // A0: 0-10, 10-20, waits for B until 26, 26-36. A1: 0-10, waits until 18, 18-28, waits until 34, 34-44.
  ChipBench bench = one_layer(6, {{1, 2}, {1, 1}});
  bench.set_depth(1);
  const Outcome run = simulate_apart(bench.plan, Workload(squeezed_and_not));
  CHECK(run.image_ends == std::vector<Cycles>{50});
  CHECK(run.layers[0].busy == 6 * 10 + 6 * 8);
  CHECK(run.layers[0].stall_partial_sum == 2 + 6 + 8 + 6);
  CHECK(run.layers[0].idle == 14 + 6);
}

TEST_CASE("a row group whose waves are all skipped flows along without time of its own") {
  const auto only_first = [](int, int group, std::int64_t) { return group == 0 ? 10U : 0U; };
  ChipBench bench = one_layer(5, {{1}, {1}});
  bench.set_depth(1);
  const Outcome run = simulate_apart(bench.plan, Workload(only_first));
  CHECK(run.image_ends == std::vector<Cycles>{50});
  // It delivers wave k when wave k - 1 was taken, at 10 k.
  CHECK(run.layers[0].busy == 50);
  CHECK(run.layers[0].stall_partial_sum == 40);
  CHECK(run.layers[0].idle == 10);
}

TEST_CASE("waves of no bit-cycle pass through replicas, column blocks and full buffers") {
  const auto alternating = [](int, int group, std::int64_t wave) {
    return (wave + group) % 2 == 0 ? 0U : 4U;
  };
  ChipBench bench;
  const int first = bench.layer("first", 9, {{1, 2, 0}, {1, 1, 0}, {1, 3, 1}}, 1, 1);
  const int second = bench.layer("second", 9, {{1}, {1}});
  bench.connect_elementwise(-1, first, 9, 1);
  bench.connect_elementwise(first, second, 9, 1);
  bench.plan.layers[static_cast<std::size_t>(first)].output_depth = 1;
  bench.set_depth(1);
  bench.plan.images = 2;
  const Outcome run = simulate_apart(bench.plan, Workload(alternating));
  CHECK(run.error.empty());
  CHECK(run.image_ends.size() == 2);
  const Outcome empty = simulate_apart(bench.plan, constant(0));
  CHECK(empty.error.empty());
  CHECK(empty.layers[0].busy == 0);
}

TEST_CASE("row groups stand in the module of their own tile") {
  ChipBench bench = one_layer(3, {{1, 2}});
  bench.plan.layers[0].places[0].tiles = {0, 4};
  // The second replica alone never gets its input.
  bench.plan.edges[0].depth = 1;
  bench.plan.edges[0].needed = {1, 3, 3};
  bench.plan.edges[0].released = {0, 0, 3};
  const Outcome run = simulate_apart(bench.plan, constant(1));
  CHECK_THAT(run.error, ContainsSubstring("chip.tile_4.conv.row_group_0_1: wave 1"));
  CHECK_THAT(run.error, ContainsSubstring("chip.tile_0.conv.row_group_0_0: wave 2"));
}
