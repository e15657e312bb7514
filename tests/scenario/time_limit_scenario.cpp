// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "sim/compile/time_limit.h"
#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

constexpr Cycles kPeriod = 1'000'000;  // fs, as the bench has it
/// 2^64 fs in whole cycles.
constexpr auto kMost = static_cast<Cycles>(std::numeric_limits<std::uint64_t>::max() / kPeriod);

ChipBench crossbars(Cycles bit_cycle, int waves) {
  ChipBench bench;
  bench.connect_elementwise(-1, bench.layer("conv", waves, {{bit_cycle}}), waves);
  return bench;
}

ChipBench vector_unit(Cycles service, int waves) {
  ChipBench bench;
  bench.connect_elementwise(-1, bench.vector_layer("pool", waves, service), waves);
  return bench;
}

ChipBench slow_link(Cycles occupancy, int waves) {
  ChipBench bench = vector_unit(1, waves);
  bench.plan.edges[0].occupancy = occupancy;
  return bench;
}

ChipBench long_tail(Cycles tail) {
  ChipBench bench;
  bench.connect_elementwise(-1, bench.layer("conv", 1, {{1}}, 0, tail), 1);
  return bench;
}

}  // namespace

TEST_CASE("time may go on to the last whole cycle of 2^64 femtoseconds") {
  REQUIRE(most_cycles(crossbars(1, 1).plan, false) == kMost);
  const Outcome run = simulate_apart(crossbars(kMost / 4, 4).plan, constant(1));
  CHECK(run.error.empty());
  CHECK(run.end == kMost / 4 * 4);
}

TEST_CASE("a run that would go on is stopped, whoever takes the time") {
  const auto stopped = [](const ChipBench& bench) {
    const Outcome run = simulate_apart(bench.plan, constant(1));
    CHECK_THAT(run.error, ContainsSubstring("of 1 images the run passes 18446.7 s of simulated time") &&
                              ContainsSubstring("run.images"));
  };
  stopped(crossbars(kMost / 4 + 1, 4));
  stopped(crossbars(std::numeric_limits<Cycles>::max() / 2, 3));
  stopped(vector_unit(kMost / 4 + 1, 4));
  stopped(slow_link(kMost / 4 + 1, 5));
  stopped(long_tail(kMost));
}

TEST_CASE("what is added up over all lanes stays within 63 bits") {
  ChipBench bench = crossbars(1, 1);
  bench.plan.clock_period_fs = 10'000;  // 100 GHz
  bench.plan.layers[0].places[0].replicas = 1'000'000;
  CHECK(most_cycles(bench.plan, false) == std::numeric_limits<std::int64_t>::max() / 1'000'000);
  // Traces count femtoseconds with a sign.
  CHECK(most_cycles(crossbars(1, 1).plan, true) == std::numeric_limits<std::int64_t>::max() / kPeriod);
}
