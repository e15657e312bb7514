// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <sys/resource.h>

#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

/// Processor time of a child that simulates one wave on each of many row groups.
double seconds_of(int row_groups) {
  const auto children = [] {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
  };
  ChipBench bench;
  const int layer =
      bench.layer("conv", 1, std::vector<ChipBench::Group>(static_cast<std::size_t>(row_groups)));
  bench.connect_elementwise(-1, layer, 1);
  const double before = children();
  REQUIRE(simulate_apart(bench.plan, constant(1)).error.empty());
  return children() - before;
}

/// What a busy machine adds is left out.
double least_seconds_of(int row_groups) {
  constexpr int kTries = 3;
  double least = seconds_of(row_groups);
  for (int i = 1; i < kTries; ++i) least = std::min(least, seconds_of(row_groups));
  return least;
}

}  // namespace

TEST_CASE("a process with a simulation takes time in proportion to its modules, its end included") {
  // The square of eight is 64; taking modules apart one by one comes near it.
  CHECK(least_seconds_of(16000) < 24 * least_seconds_of(2000));
}
