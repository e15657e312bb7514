// SPDX-License-Identifier: Apache-2.0
#include "models/noc/noc.h"

#include "sim/base/registry.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

TEST_CASE("the ideal network takes no time") {
  const auto noc = Registry<NocModel>::instance().create("ideal");
  CHECK(noc->occupancy_cycles(1 << 20, 1_GHz) == 0);
  CHECK(noc->latency_cycles(1_GHz) == 0);
}

TEST_CASE("the fixed network serialises bytes and then delays them") {
  const auto noc = Registry<NocModel>::instance().create("fixed", "{latency: 2 ns, bandwidth: 4 GB/s}");
  CHECK(noc->occupancy_cycles(0, 1_GHz) == 0);
  CHECK(noc->occupancy_cycles(1, 1_GHz) == 1);
  CHECK(noc->occupancy_cycles(4, 1_GHz) == 1);
  CHECK(noc->occupancy_cycles(5, 1_GHz) == 2);
  CHECK(noc->occupancy_cycles(40, Frequency(1.2e9)) == 12);
  CHECK(noc->latency_cycles(1_GHz) == 2);
  CHECK(noc->latency_cycles(Frequency(1.2e9)) == 3);
}

}  // namespace
}  // namespace squeezebar::test
