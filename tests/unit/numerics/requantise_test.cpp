// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/requantise.h"

#include <cmath>

#include <rapidcheck.h>

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

Quantisation wide(int zero_point = 0) { return {16, true, 1.0, zero_point, -32768, 32767}; }

TEST_CASE("halves are rounded to the even neighbour") {
  CHECK(round_half_even(0.5) == 0.0);
  CHECK(round_half_even(1.5) == 2.0);
  CHECK(round_half_even(2.5) == 2.0);
  CHECK(round_half_even(-0.5) == 0.0);
  CHECK(round_half_even(-1.5) == -2.0);
  CHECK(round_half_even(-2.5) == -2.0);
  CHECK(round_half_even(std::nextafter(0.5, 1.0)) == 1.0);
  CHECK(round_half_even(std::nextafter(2.5, 0.0)) == 2.0);
}

TEST_CASE("an accumulator becomes a code: bias, multiplier, rounding, zero point, clamp") {
  CHECK(requantise(256 * 3, 0, 0.5, wide()) == 2);    // 1.5
  CHECK(requantise(256 * 5, 0, 0.5, wide()) == 2);    // 2.5
  CHECK(requantise(256 * -5, 0, 0.5, wide()) == -2);  // -2.5
  CHECK(requantise(256 * 3, 2, 0.5, wide()) == 2);    // (3 + 2) / 2
  CHECK(requantise(128, 0, 1.0, wide()) == 0);        // half a step of a coarse ADC
  CHECK(requantise(384, 0, 1.0, wide()) == 2);
  CHECK(requantise(128, 1, 1.0, wide()) == 2);  // 1.5
  // The zero point is added after rounding: 2.5 -> 2, then 1 more.
  CHECK(requantise(256 * 5, 0, 0.5, wide(1)) == 3);
  const Quantisation codes{8, false, 1.0, 10, 10, 200};  // a fused ReLU
  CHECK(requantise(256 * -7, 0, 1.0, codes) == 10);
  CHECK(requantise(256 * 189, 0, 1.0, codes) == 199);
  CHECK(requantise(256 * 190, 0, 1.0, codes) == 200);
  CHECK(requantise(256 * 191, 0, 1.0, codes) == 200);
}

TEST_CASE("values far beyond the range saturate") {
  CHECK(to_clamped_code(1e300, wide()) == 32767);
  CHECK(to_clamped_code(-1e300, wide()) == -32768);
  CHECK(to_clamped_code(HUGE_VAL, wide()) == 32767);
  CHECK(to_clamped_code(-HUGE_VAL, wide()) == -32768);
  CHECK(to_clamped_code(32767.5, wide()) == 32767);
  CHECK(to_clamped_code(-32768.5, wide()) == -32768);
  CHECK(requantise(std::int64_t{1} << 54, -5, 1e250, wide(-7)) == 32767);
  CHECK(requantise(-(std::int64_t{1} << 54), 2147483647, 1e250, wide(7)) == -32768);
}

TEST_CASE("codes are where exact arithmetic puts them") {
  CHECK(rc::check("multipliers of powers of two", [] {
    const auto accumulator = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000);
    const int shift = *rc::gen::inRange(0, 12);
    const int zero_point = *rc::gen::inRange(-100, 100);
    // In 256 * 2^shift parts of one: floor, remainder, half to even.
    const std::int64_t one = std::int64_t{256} << shift;
    std::int64_t quotient = accumulator / one;
    std::int64_t rest = accumulator % one;
    if (rest < 0) {
      rest += one;
      --quotient;
    }
    if (2 * rest > one || (2 * rest == one && quotient % 2 != 0)) ++quotient;
    RC_ASSERT(requantise(accumulator, 0, std::ldexp(1.0, -shift), wide(zero_point)) == quotient + zero_point);
  }));
}

}  // namespace
}  // namespace squeezebar::test
