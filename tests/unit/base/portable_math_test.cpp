// SPDX-License-Identifier: Apache-2.0
#include "sim/base/portable_math.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

constexpr double kTolerance = 0x1p-50;

double relative(double got, double wanted) { return std::abs(got - wanted) / std::abs(wanted); }

TEST_CASE("portable functions agree with the C library's") {
  Random random(1);
  double log_error = 0;
  double exp_error = 0;
  double cos_error = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double fraction = (static_cast<double>(random.bits() >> 11) + 0.5) * 0x1p-53;
    const double wide = std::ldexp(0.5 + fraction / 2, random.between(-300, 300));
    log_error = std::max({log_error, relative(portable_log(wide), std::log(wide)),
                          relative(portable_log(fraction), std::log(fraction))});
    const double power = (fraction - 0.5) * 1400;
    exp_error = std::max(exp_error, relative(portable_exp(power), std::exp(power)));
    cos_error = std::max(cos_error,
                         std::abs(portable_cos_quarter(fraction) - std::cos(1.5707963267948966 * fraction)));
  }
  CHECK(log_error < kTolerance);
  CHECK(exp_error < kTolerance);
  CHECK(cos_error < kTolerance);
}

TEST_CASE("portable functions are exact where they must be") {
  CHECK(portable_log(1.0) == 0.0);
  CHECK(portable_exp(0.0) == 1.0);
  CHECK(portable_cos_quarter(0.0) == 1.0);
  CHECK(portable_double(0) == 0.0);
  CHECK(portable_double(0xFFFFFFFF) == 4294967295.0);
}

}  // namespace
}  // namespace squeezebar::test
