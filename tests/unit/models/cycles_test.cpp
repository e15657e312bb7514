// SPDX-License-Identifier: Apache-2.0
#include "sim/base/cycles.h"

#include <limits>
#include <string>

#include <rapidcheck.h>

#include "models/sample_hold/sample_hold.h"
#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

constexpr Frequency kIsaacClock{1.2e9};

__extension__ using Int128 = __int128;

std::int64_t length(Time read_time, std::int64_t conversions, Frequency rate, Frequency clock, bool overlap) {
  return bit_cycle_time(read_time, conversions, Rate(rate), clock, overlap).length;
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
  CHECK(cycles_ceil_count(128, Rate(quantity<Frequency>("1.28 GHz")), kIsaacClock) == 120);
  CHECK(cycles_ceil_count(129, Rate(quantity<Frequency>("1.28 GHz")), kIsaacClock) == 121);
  CHECK(cycles_ceil_count(128, Rate(kIsaacClock), 1_GHz) == 107);
  CHECK(cycles_ceil_count(0, Rate(kIsaacClock), 1_GHz) == 0);
  CHECK(cycles_ceil_count(std::numeric_limits<std::int64_t>::max(), Rate(1_GHz), 1_GHz) ==
        std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what cannot be counted is refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(cycles_ceil(Time(-1e-9), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(Time(nan), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(1_ns, 0_Hz), RunError);
  CHECK_THROWS_AS(cycles_ceil(Time(1e300), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil(1000_s, Frequency(9e18)), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(-1, Rate(1_GHz), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(std::numeric_limits<std::int64_t>::max(), Rate(1_Hz), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(1, Rate(1_GHz) / 0, 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_count(1, Rate(Frequency(nan)), 1_GHz), RunError);
  CHECK_THROWS_AS(cycles_ceil_sum(1000_s, 1, Rate(Frequency(9e18)), Frequency(9e18)), RunError);
}

TEST_CASE("no part of a unit is lost: durations below a femtosecond, rates with decimals") {
  CHECK(cycles_ceil(quantity<Time>("0.4 fs"), 1_GHz) == 1);
  CHECK(cycles_ceil(quantity<Time>("100.0000004 fs"), quantity<Frequency>("10000 GHz")) == 2);
  // 1500.5 Hz is no whole number of hertz: 3001 events take exactly 2 s.
  CHECK(cycles_ceil_count(3001, Rate(quantity<Frequency>("1500.5 Hz")), 1_kHz) == 2000);
  CHECK(cycles_ceil_count(1, Rate(1_GHz), quantity<Frequency>("1234567890.1234567 Hz")) == 2);
}

TEST_CASE("a comparison for each bit takes exactly its share of a conversion") {
  for (int bits = 1; bits <= 12; ++bits) {
    const Rate rate = Rate(1_GHz) * 8 / (bits + 1);  // 1 GHz at 7 bits
    CHECK(bit_cycle_time(1_ns, 128, rate, 1_GHz, true).length == 16 * (bits + 1));
    CHECK(bit_cycle_time(1_ns, 128, rate, 1_GHz, false).length == 16 * (bits + 1) + 1);
  }
}

TEST_CASE("bit-cycles are the exact fractions rounded up") {
  CHECK(rc::check([] {
    const auto fs = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000);
    const auto n = *rc::gen::inRange<std::int64_t>(0, 1025);
    const auto millihertz = *rc::gen::inRange<std::int64_t>(1'000'000, 2'000'000'000'000);
    const auto clock = *rc::gen::inRange<std::int64_t>(1'000, 2'000'000'000);
    const int times = *rc::gen::inRange(2, 14);
    const int over = *rc::gen::inRange(2, 14);
    // n over / (rate times) + read, in 1e-15 s over `below`.
    const Int128 below = Int128{millihertz} * times;
    const Int128 conversions = Int128{n} * over * 1'000'000'000'000'000 * 1000;
    const auto cycles = [&](Int128 over_below) {
      // 1e15 / clock fs a cycle: split the product, which has more than 128 bits.
      const Int128 whole = over_below / below;
      const Int128 rest = over_below % below;
      const Int128 unit = 1'000'000'000'000'000;
      const Int128 product = whole * clock;
      const Int128 left = (product % unit) * below + rest * clock;
      return static_cast<std::int64_t>(product / unit + (left + below * unit - 1) / (below * unit));
    };
    const Time read = quantity<Time>(std::to_string(fs) + " fs");
    const Frequency base = quantity<Frequency>(std::to_string(millihertz / 1000) + "." +
                                               std::to_string(1000 + millihertz % 1000).substr(1) + " Hz");
    const Rate rate = Rate(base) * times / over;
    const Frequency at(static_cast<double>(clock));
    RC_ASSERT(cycles_ceil_count(n, rate, at) == cycles(conversions));
    RC_ASSERT(cycles_ceil_sum(read, n, rate, at) == cycles(conversions + fs * below));
    RC_ASSERT(cycles_ceil(read, at) == cycles(fs * below));
  }));
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
  const BitCycleTime held = bit_cycle_time(100_ns, 96, Rate(kIsaacClock), 1_GHz, true);
  CHECK(held.length == 100);
  CHECK(held.conversion_start == 100);
  CHECK(held.conversion_time == 80);
  const BitCycleTime others = bit_cycle_time(100_ns, 96, Rate(kIsaacClock), 1_GHz, false);
  CHECK(others.length == 180);
  CHECK(others.conversion_start == 100);
  CHECK(others.conversion_time == 80);
  // A read that ends within a cycle: the conversions end with the bit-cycle.
  const BitCycleTime half = bit_cycle_time(quantity<Time>("0.5 ns"), 1, Rate(2_GHz), 1_GHz, false);
  CHECK(half.conversion_start + half.conversion_time == half.length);
  CHECK(half.conversion_start == 0);
}

TEST_CASE("conversions of a bit-cycle never reach into those of the next") {
  CHECK(rc::check([] {
    const Time read = quantity<Time>(std::to_string(*rc::gen::inRange(0, 1'000'000'000)) + " fs");
    const auto n = *rc::gen::inRange<std::int64_t>(0, 5000);
    const Rate rate(Frequency(*rc::gen::inRange(1'000, 2'000'000'000)));
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
    const Time read = quantity<Time>(std::to_string(*rc::gen::inRange(0, 1'000'000'000)) + " fs");
    const auto n = *rc::gen::inRange<std::int64_t>(0, 5000);
    const Rate rate(Frequency(*rc::gen::inRange(1'000, 2'000'000'000)));
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
