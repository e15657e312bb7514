// SPDX-License-Identifier: Apache-2.0
#include "sim/base/cycles.h"

#include <limits>

#include <rapidcheck.h>

#include "models/sample_hold/sample_hold.h"
#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

constexpr Frequency kIsaacClock{1.2e9};

std::int64_t length(Time read_time, std::int64_t conversions, Frequency rate, Frequency clock, bool overlap) {
  return bit_cycle_time(read_time, conversions, rate, clock, overlap).length;
}

TEST_CASE("durations are counted in cycles without rounding error") {
  CHECK(cycles_ceil(100_ns, kIsaacClock) == 120);
  CHECK(cycles_ceil(quantity<Time>("100.000001 ns"), kIsaacClock) == 121);
  CHECK(cycles_ceil(quantity<Time>("99.999999 ns"), kIsaacClock) == 120);
  CHECK(cycles_ceil(2_ns, 1_GHz) == 2);
  CHECK(cycles_ceil(0_s, 1_GHz) == 0);
  CHECK(cycles_ceil(1_fs, 1_GHz) == 1);
}

TEST_CASE("conversions are counted in cycles without rounding error") {
  CHECK(cycles_ceil_count(128, quantity<Frequency>("1.28 GHz"), kIsaacClock) == 120);
  CHECK(cycles_ceil_count(129, quantity<Frequency>("1.28 GHz"), kIsaacClock) == 121);
  CHECK(cycles_ceil_count(128, kIsaacClock, 1_GHz) == 107);
  CHECK(cycles_ceil_count(0, kIsaacClock, 1_GHz) == 0);
  CHECK(cycles_ceil_count(std::numeric_limits<std::int64_t>::max(), 1_GHz, 1_GHz) ==
        std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what cannot be counted is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(cycles_ceil(Time(-1e-9), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(Time(nan), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(1_ns, 0_Hz), RunError);
  CHECK_THROWS_AS(cycles_ceil(Time(1e300), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(1000_s, Frequency(9e18)), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(-1, 1_GHz, 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(std::numeric_limits<std::int64_t>::max(), 1_Hz, 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_sum(1000_s, 1, Frequency(9e18), Frequency(9e18)), RunError);
}

TEST_CASE("a bit-cycle is the longer of read and conversions, or their sum rounded up once") {
  const Frequency isaac_rate = quantity<Frequency>("1.28 GHz");
  CHECK(length(100_ns, 128, isaac_rate, kIsaacClock, true) == 120);
  CHECK(length(100_ns, 129, isaac_rate, kIsaacClock, true) == 121);
  CHECK(length(100_ns, 1, isaac_rate, kIsaacClock, true) == 120);
  CHECK(length(100_ns, 128, isaac_rate, kIsaacClock, false) == 240);
  CHECK(length(100_ns, 128, kIsaacClock, 1_GHz, true) == 107);
  // 0.5 and 0.5 cycles are one cycle together, two if each were rounded.
  CHECK(length(quantity<Time>("0.5 ns"), 1, 2_GHz, 1_GHz, false) == 1);
}

TEST_CASE("held samples are converted in the next bit-cycle, others after their read") {
  const BitCycleTime held = bit_cycle_time(100_ns, 96, kIsaacClock, 1_GHz, true);
  CHECK(held.length == 100);
  CHECK(held.conversion_start == 100);
  CHECK(held.conversion_time == 80);
  const BitCycleTime others = bit_cycle_time(100_ns, 96, kIsaacClock, 1_GHz, false);
  CHECK(others.length == 180);
  CHECK(others.conversion_start == 100);
  CHECK(others.conversion_time == 80);
  // A read that ends within a cycle: the conversions end with the bit-cycle.
  const BitCycleTime half = bit_cycle_time(quantity<Time>("0.5 ns"), 1, 2_GHz, 1_GHz, false);
  CHECK(half.conversion_start + half.conversion_time == half.length);
  CHECK(half.conversion_start == 0);
}

TEST_CASE("conversions of a bit-cycle never reach into those of the next") {
  CHECK(rc::check([] {
    const Time read(1e-15 * *rc::gen::inRange(0, 1'000'000'000));
    const auto n = *rc::gen::inRange<std::int64_t>(0, 5000);
    const Frequency rate(*rc::gen::inRange(1'000, 2'000'000'000));
    const Frequency clock(*rc::gen::inRange(1'000, 2'000'000'000));
    const bool overlap = *rc::gen::arbitrary<bool>();
    const BitCycleTime time = bit_cycle_time(read, n, rate, clock, overlap);
    RC_ASSERT(time.conversion_time <= time.length);
    RC_ASSERT(time.conversion_start >= 0);
    RC_ASSERT(time.conversion_start + time.conversion_time <= (overlap ? 2 : 1) * time.length);
  }));
}

TEST_CASE("the sum of two durations lies between the longer one and the sum of the rounded ones") {
  CHECK(rc::check([] {
    const Time read(1e-15 * *rc::gen::inRange(0, 1'000'000'000));
    const auto n = *rc::gen::inRange<std::int64_t>(0, 5000);
    const Frequency rate(*rc::gen::inRange(1'000, 2'000'000'000));
    const Frequency clock(*rc::gen::inRange(1'000, 2'000'000'000));
    const std::int64_t a = cycles_ceil(read, clock);
    const std::int64_t b = cycles_ceil_count(n, rate, clock);
    const std::int64_t sum = cycles_ceil_sum(read, n, rate, clock);
    RC_ASSERT(sum >= std::max(a, b));
    RC_ASSERT(sum <= a + b);
    RC_ASSERT(sum >= a + b - 1);
  }));
}

}  // namespace
}  // namespace squeezebar::test
