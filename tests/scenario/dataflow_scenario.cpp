// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

TEST_CASE("a layer starts a wave as soon as its receptive field is there") {
  ChipBench bench;
  const int first = bench.layer("first", 9, {{10}});
  const int second = bench.layer("second", 1, {{1}});
  bench.connect_elementwise(-1, first, 9);
  // The second layer looks at pixels 0 to 4 only.
  bench.connect(first, second, 9, {5}, {9});
  CHECK(simulate_apart(bench.plan, constant(1)).image_ends == std::vector<Cycles>{5 * 10 + 1});
}

TEST_CASE("links take a pixel at a time and deliver it after their latency") {
  ChipBench bench;
  const int layer = bench.layer("conv", 4, {{1}});
  const int edge = bench.connect_elementwise(-1, layer, 4);
  bench.plan.edges[static_cast<std::size_t>(edge)].occupancy = 6;
  bench.plan.edges[static_cast<std::size_t>(edge)].latency = 20;
  // Pixel p leaves the link at 6 (p + 1) and is there 20 later.
  const Outcome run = simulate_apart(bench.plan, constant(2));
  CHECK(run.image_ends == std::vector<Cycles>{4 * 6 + 20 + 2});
  CHECK(run.layers[0].stall_input == 3 * (6 - 2));
  CHECK(run.layers[0].idle == 26);
}

TEST_CASE("a full input buffer pushes back through the output buffer to the row groups") {
  ChipBench bench;
  const int fast = bench.layer("fast", 20, {{1}});
  const int slow = bench.layer("slow", 20, {{10}});
  bench.connect_elementwise(-1, fast, 20);
  bench.connect_elementwise(fast, slow, 20, 2);
  bench.plan.layers[static_cast<std::size_t>(fast)].output_depth = 1;
  bench.set_depth(1);
  const Outcome run = simulate_apart(bench.plan, constant(1));
  // The slow layer is never starved after its first wave.
  CHECK(run.image_ends == std::vector<Cycles>{1 + 20 * 10});
  CHECK(run.layers[0].stall_output > 0);
  CHECK(run.layers[0].stall_input == 0);
  CHECK(run.layers[1].busy == 200);
}

TEST_CASE("images enter back to back") {
  ChipBench bench;
  const int layer = bench.layer("conv", 5, {{2}}, 3, 4);
  bench.connect_elementwise(-1, layer, 5);
  bench.plan.images = 3;
  CHECK(simulate_apart(bench.plan, constant(1)).image_ends ==
        std::vector<Cycles>{3 + 10 + 4, 3 + 20 + 4, 3 + 30 + 4});
}

TEST_CASE("layer serial runs one layer of one image at a time") {
  ChipBench bench;
  const int first = bench.layer("first", 4, {{10}});
  const int second = bench.layer("second", 4, {{5}});
  bench.connect_elementwise(-1, first, 4);
  bench.connect_elementwise(first, second, 4);
  bench.plan.images = 2;
  const Cycles pipelined = simulate_apart(bench.plan, constant(1)).image_ends.back();
  bench.plan.layer_serial = true;
  const Outcome serial = simulate_apart(bench.plan, constant(1));
  CHECK(pipelined == 8 * 10 + 5);
  CHECK(serial.image_ends == std::vector<Cycles>{60, 120});
}

TEST_CASE("a residual join takes both branches and completes when the short one can wait") {
  ChipBench bench;
  const int stem = bench.layer("stem", 6, {{2}});
  const int branch = bench.layer("branch", 6, {{3}});
  const int join = bench.vector_layer("join", 6, 1);
  bench.connect_elementwise(-1, stem, 6);
  // The branch needs two pixels more than it has produced.
  bench.connect(stem, branch, 6, {3, 4, 5, 6, 6, 6}, {1, 2, 3, 4, 5, 6});
  bench.connect_elementwise(stem, join, 6, 3);
  bench.connect_elementwise(branch, join, 6, 1);
  // Stem pixels at 2, 4, ...; branch starts at 6 and needs 3 a wave: 9, 12, ..., 24; the join adds one cycle.
  CHECK(simulate_apart(bench.plan, constant(1)).image_ends == std::vector<Cycles>{25});
}

TEST_CASE("a vector layer waits for its input, for its output or for nothing to do") {
  ChipBench bench;
  const int stem = bench.layer("stem", 4, {{5}});
  const int vector = bench.vector_layer("vector", 4, 2);
  const int slow = bench.layer("slow", 4, {{20}});
  bench.connect_elementwise(-1, stem, 4);
  bench.connect_elementwise(stem, vector, 4);
  bench.connect_elementwise(vector, slow, 4, 1);
  bench.plan.layers[static_cast<std::size_t>(vector)].output_depth = 1;
  // The slow layer takes pixels at 7, 27, 47 and 67. Its buffer and the output buffer hold one pixel each, so
  // the vector layer starts at 5, 10, 15 (when its first pixel left for the buffer) and 27.
  const Outcome run = simulate_apart(bench.plan, constant(1));
  const LayerTiming& time = run.layers[static_cast<std::size_t>(vector)];
  CHECK(run.image_ends == std::vector<Cycles>{7 + 4 * 20});
  CHECK(time.busy == 8);
  CHECK(time.total() == run.end);
  CHECK(time.stall_partial_sum == 0);
  CHECK(time.stall_input == 3 * 3);  // from 7 to 10, 12 to 15, 17 to 20
  CHECK(time.stall_output == 27 - 20);
  CHECK(time.idle == 5 + (run.end - 29));  // before the first pixel and after the last
}

TEST_CASE("a blocked graph fails with a line for every blocked process instead of ending early") {
  ChipBench bench;
  const int stem = bench.layer("stem", 6, {{2}});
  const int branch = bench.layer("branch", 6, {{3}});
  const int join = bench.vector_layer("join", 6, 1);
  bench.connect_elementwise(-1, stem, 6);
  bench.connect(stem, branch, 6, {4, 5, 6, 6, 6, 6}, {1, 2, 3, 4, 5, 6});
  bench.connect_elementwise(stem, join, 6, 1);
  bench.connect_elementwise(branch, join, 6, 1);
  bench.plan.layers[static_cast<std::size_t>(stem)].output_depth = 1;
  const Outcome run = simulate_apart(bench.plan, constant(1));
  CHECK(run.image_ends.empty());
  CHECK_THAT(run.error, ContainsSubstring("waves are left"));
  CHECK_THAT(run.error, ContainsSubstring("chip.tile_0.branch.row_group_0_0: wave 0"));
  CHECK_THAT(run.error, ContainsSubstring("chip.tile_0.stem"));
}
