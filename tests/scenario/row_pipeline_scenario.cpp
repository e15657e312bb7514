// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

// ISAAC: stages of 100 ns are 120 cycles of 1.2 GHz; one fetch, then drain, two for reduction, vector unit,
// write-back.
constexpr Cycles kStage = 120;
constexpr Cycles kIsaacTail = 5 * kStage;

ChipBench one_layer(int waves, std::vector<ChipBench::Group> groups, Cycles fetch, Cycles tail) {
  ChipBench bench;
  const int layer = bench.layer("conv", waves, std::move(groups), fetch, tail);
  bench.connect_elementwise(-1, layer, waves);
  return bench;
}

}  // namespace

TEST_CASE("one 16-bit window takes ISAAC's 22 cycles of 100 ns inside a tile") {
  const ChipBench bench = one_layer(1, {{kStage}}, kStage, kIsaacTail);
  const Outcome run = simulate_apart(bench.plan, constant(16));
  REQUIRE(run.error.empty());
  CHECK(run.image_ends == std::vector<Cycles>{22 * kStage});
}

TEST_CASE("one 8-bit window takes 14 cycles of 100 ns with ISAAC's stages") {
  const ChipBench bench = one_layer(1, {{kStage}}, kStage, kIsaacTail);
  CHECK(simulate_apart(bench.plan, constant(8)).image_ends == std::vector<Cycles>{14 * kStage});
}

TEST_CASE("waves stream without a gap") {
  const ChipBench bench = one_layer(10, {{kStage}}, kStage, kIsaacTail);
  const Outcome run = simulate_apart(bench.plan, constant(16));
  CHECK(run.image_ends == std::vector<Cycles>{(10 * 16 + 6) * kStage});
  CHECK(run.layers[0].busy == 10 * 16 * kStage);
  CHECK(run.layers[0].stall_input + run.layers[0].stall_partial_sum + run.layers[0].stall_output == 0);
}

TEST_CASE("wave w runs on replica w mod replicas") {
  const ChipBench bench = one_layer(10, {{1, 3}}, 0, 0);
  // Waves 0, 3, 6 and 9 are long: all of them fall on the first replica.
  const Outcome run =
      simulate_apart(bench.plan, [](int, int, std::int64_t wave) { return wave % 3 == 0 ? 7U : 1U; });
  CHECK(run.image_ends == std::vector<Cycles>{4 * 7});
}

TEST_CASE("a group with a shorter stream runs ahead until its partial-sum buffer is full") {
  // Group 0 needs 10 cycles a wave, group 1 needs 2.
  ChipBench bench = one_layer(4, {{10}, {2}}, 0, 0);
  bench.set_depth(2);
  const Outcome run = simulate_apart(bench.plan, constant(1));
  CHECK(run.image_ends == std::vector<Cycles>{40});
  // The fast lane delivers at 2 and 4 and is full; wave 0 is consumed at 10 (it starts wave 2, done at 12),
  // wave 1 at 20 (wave 3, done at 22): stalled 4..10 and 12..20.
  CHECK(run.layers[0].busy == 4 * 10 + 4 * 2);
  CHECK(run.layers[0].stall_partial_sum == 6 + 8);
  CHECK(run.layers[0].idle == 40 - 22);
}

TEST_CASE("with a partial-sum buffer of one a fast group still never waits for an equal one") {
  ChipBench bench = one_layer(50, {{3}, {3}}, 0, 0);
  bench.set_depth(1);
  CHECK(simulate_apart(bench.plan, constant(8)).image_ends == std::vector<Cycles>{50 * 24});
}

TEST_CASE("alternating row groups need partial-sum depth to overlap") {
  const auto alternating = [](int, int group, std::int64_t wave) {
    return (wave + group) % 2 == 0 ? 9U : 1U;
  };
  ChipBench shallow = one_layer(8, {{1}, {1}}, 0, 0);
  shallow.set_depth(1);
  ChipBench deep = shallow;
  deep.set_depth(16);
  // Deep: both lanes have 40 cycles of work and never wait. Shallow: the lane that is ahead waits for the
  // other at every wave.
  CHECK(simulate_apart(deep.plan, alternating).image_ends == std::vector<Cycles>{40});
  CHECK(simulate_apart(shallow.plan, alternating).image_ends.front() > 40);
}

TEST_CASE("column blocks run independently and a pixel leaves when all of them are reduced") {
  const ChipBench bench = one_layer(5, {{4, 1, 0}, {7, 1, 1}}, 2, 3);
  CHECK(simulate_apart(bench.plan, constant(1)).image_ends == std::vector<Cycles>{2 + 5 * 7 + 3});
}

TEST_CASE("a skipped wave takes no time") {
  const ChipBench bench = one_layer(6, {{5}}, 1, 1);
  CHECK(simulate_apart(bench.plan, constant(0)).image_ends == std::vector<Cycles>{2});
}

TEST_CASE("the vector unit spaces output pixels") {
  ChipBench bench = one_layer(6, {{1}}, 0, 2);
  bench.plan.layers[0].interval = 10;
  CHECK(simulate_apart(bench.plan, constant(3)).image_ends == std::vector<Cycles>{3 + 2 + 5 * 10});
}
