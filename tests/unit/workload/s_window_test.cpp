// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/s_window.h"

#include <bit>
#include <cmath>

#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

TEST_CASE("the S-window quantiser gives SME's figure 4", "[validation]") {
  // SME (arXiv 2103.01705), figure 4: S = 3, Nq = 8, scale 1.
  const SWindow pattern{8, 3};
  CHECK(pattern.magnitude(0.876) == 0b11100000);  // 0.875
  CHECK(pattern.magnitude(0.618) == 0b10100000);  // 0.625
  CHECK(pattern.magnitude(0.389) == 0b01100000);  // 0.375
  CHECK(pattern.magnitude(0.020) == 0b00000101);  // 0.01953125
}

TEST_CASE("a magnitude beyond the pattern is cut to its largest, one below half a step is zero") {
  const SWindow pattern{8, 3};
  CHECK(pattern.largest() == 224);
  CHECK(pattern.magnitude(0.99) == 224);
  CHECK(pattern.magnitude(7.0) == 224);
  CHECK(pattern.magnitude(0.0) == 0);
  CHECK(pattern.magnitude(std::ldexp(0.999, -9)) == 0);
  CHECK(pattern.magnitude(std::ldexp(1.001, -9)) == 1);
  CHECK(SWindow{8, 8}.largest() == 255);
  CHECK(SWindow{8, 1}.magnitude(0.9) == 128);
}

TEST_CASE("ties go to the even multiple of the window's last bit") {
  const SWindow pattern{8, 3};
  CHECK(pattern.magnitude(std::ldexp(1.0, -9)) == 0);  // between 0 and 1
  CHECK(pattern.magnitude(0.5 + 1.0 / 16) == 128);     // between 4 and 5 eighths
  CHECK(pattern.magnitude(0.5 + 3.0 / 16) == 192);     // between 5 and 6 eighths
  CHECK(pattern.magnitude(std::ldexp(4.5, -8)) == 4);  // the window ends at the last bit
  CHECK(pattern.magnitude(std::ldexp(5.5, -8)) == 6);
  CHECK(pattern.magnitude(std::ldexp(7.5, -5)) == 64);  // rounds up to the next power of two
}

TEST_CASE("the scale is the least power of two that holds the largest weight") {
  const SWindow pattern{8, 3};
  CHECK(pattern.scale(0.875) == 1.0);
  CHECK(pattern.scale(0.876) == 2.0);
  CHECK(pattern.scale(0.4375) == 0.5);
  CHECK(pattern.scale(0.0) == 1.0);
  CHECK(pattern.scale(3.0) == 4.0);
}

TEST_CASE("every code keeps the pattern and is the nearest that does") {
  for (const SWindow pattern : {SWindow{8, 3}, SWindow{4, 2}, SWindow{7, 1}, SWindow{5, 5}, SWindow{15, 3}}) {
    const auto in_pattern = [&](int m) {
      if (m == 0) return true;
      const auto u = static_cast<unsigned>(m);
      return m <= pattern.largest() &&
             static_cast<int>(std::bit_width(u)) - std::countr_zero(u) <= pattern.window;
    };
    Random random(static_cast<std::uint64_t>(pattern.bits));
    bool good = true;
    bool nearest = true;
    for (int i = 0; i < 500; ++i) {
      const double a = std::ldexp(random.between(0, 1 << 20), -20 - random.between(0, pattern.bits));
      const int m = pattern.magnitude(a);
      good = good && in_pattern(m);
      const double error = std::abs(std::ldexp(a, pattern.bits) - m);
      for (int other = 0; pattern.bits <= 8 && other <= pattern.largest(); ++other) {
        if (in_pattern(other)) nearest = nearest && error <= std::abs(std::ldexp(a, pattern.bits) - other);
      }
    }
    CHECK(good);
    CHECK(nearest);
  }
}

TEST_CASE("codes carry the sign of their weights") {
  const std::vector<double> weights{0.875, -0.875, 0.0, -0.1};
  CHECK(s_window_codes(weights, {8, 3}, 1.0) == std::vector<std::int16_t>{224, -224, 0, -24});
}

}  // namespace
}  // namespace squeezebar::test
