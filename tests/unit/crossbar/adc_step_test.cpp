// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/adc_step.h"

#include <limits>
#include <vector>

#include <rapidcheck.h>

#include "sim/terms/adc_transfer.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

constexpr StepRule kLeastError{CalibrateBy::least_error, 100.0};

std::int32_t by_percentile(const SumHistogram& sums, int bits, double percentile) {
  const std::int64_t bound = static_cast<std::int64_t>(sums.size()) - 1;
  return calibrated_step256(sums, bound, (1 << bits) - 1, {CalibrateBy::percentile, percentile}).value();
}

std::int64_t code(const AdcTransfer& adc, std::int64_t sum) {
  return std::min<std::int64_t>(adc.unsaturated(sum), adc.max_code);
}

/// The definition, sum by sum; small enough for 64 bits.
std::int64_t squared_error(const SumHistogram& sums, const AdcTransfer& adc) {
  std::int64_t error = 0;
  for (std::size_t s = 0; s < sums.size(); ++s) {
    const auto sum = static_cast<std::int64_t>(s);
    const std::int64_t off = 256 * sum - code(adc, sum) * adc.step256;
    error += sums[s] * off * off;
  }
  return error;
}

/// Up to 300 sums, most of them never seen.
SumHistogram random_sums() {
  SumHistogram sums(*rc::gen::inRange<std::size_t>(1, 300), 0);
  for (int n = *rc::gen::inRange(1, 20); n > 0; --n)
    sums[*rc::gen::inRange<std::size_t>(0, sums.size())] += *rc::gen::inRange(1, 1000);
  return sums;
}

TEST_CASE("a percentile is the smallest sum that enough of all sums do not exceed") {
  // 90 zeros, 9 ones, one of 30; codes of two bits end at 3.
  SumHistogram sums(31, 0);
  sums[0] = 90;
  sums[1] = 9;
  sums[30] = 1;
  CHECK(by_percentile(sums, 2, 90) == 256);
  CHECK(by_percentile(sums, 2, 99) == 256);
  CHECK(by_percentile(sums, 2, 99.000001) == 2560);
  CHECK(by_percentile(sums, 2, 100) == 2560);
  CHECK(by_percentile(sums, 5, 100) == 256);
  CHECK(by_percentile(sums, 4, 100) == 512);
}

TEST_CASE("zeros alone lead to steps of one, and no sums at all to none") {
  CHECK(by_percentile({7}, 1, 100) == 256);
  CHECK(calibrated_step256({7}, 0, 1, kLeastError) == 256);
  CHECK(calibrated_step256({}, 12, 1, kLeastError) == std::nullopt);
  CHECK(calibrated_step256({0, 0, 0}, 12, 1, kLeastError) == std::nullopt);
}

TEST_CASE("the least error weighs clipping against rounding") {
  // One bit: codes are 0 and one step. Of 100 sums of 4 and one of 100 those of 4 count more.
  SumHistogram sums(101, 0);
  sums[4] = 1000;
  sums[100] = 1;
  CHECK(calibrated_step256(sums, 100, 1, kLeastError) == 4 * 256);
  sums[100] = 1000;
  CHECK(calibrated_step256(sums, 100, 1, kLeastError) == 100 * 256);
}

TEST_CASE("counts and sums as large as there can be do not overflow") {
  SumHistogram sums(kMaxColumnSum + 1, 0);
  sums.back() = std::numeric_limits<std::int64_t>::max();
  for (const int bits : {1, 8, 16}) {
    const std::int64_t max_code = (1 << bits) - 1;
    const std::int32_t step = least_step256(kMaxColumnSum, max_code);
    CHECK(by_percentile(sums, bits, 100) == step);
    CHECK(calibrated_step256(sums, kMaxColumnSum, max_code, kLeastError) == step);
  }
}

TEST_CASE("with a percentile of 100 nothing that was seen is clipped") {
  CHECK(rc::check([] {
    const SumHistogram sums = random_sums();
    const int bits = *rc::gen::inRange(1, 11);
    const AdcTransfer adc{(1 << bits) - 1, by_percentile(sums, bits, 100)};
    for (std::size_t s = 0; s < sums.size(); ++s) {
      if (sums[s] > 0) RC_ASSERT(adc.unsaturated(static_cast<std::int64_t>(s)) <= adc.max_code);
    }
  }));
}

TEST_CASE("a percentile clips no more than the rest, and a smaller step would clip more") {
  CHECK(rc::check([] {
    const SumHistogram sums = random_sums();
    const int bits = *rc::gen::inRange(1, 9);
    const int percentile = *rc::gen::inRange(1, 101);
    const std::int32_t step = by_percentile(sums, bits, percentile);
    const std::int64_t max_code = (1 << bits) - 1;
    const auto beyond = [&](std::int32_t k) {
      std::int64_t n = 0;
      for (std::size_t s = 0; s < sums.size(); ++s)
        n += 256 * static_cast<std::int64_t>(s) > max_code * k ? sums[s] : 0;
      return n;
    };
    std::int64_t all = 0;
    for (const std::int64_t n : sums) all += n;
    RC_ASSERT(100 * (all - beyond(step)) >= percentile * all);
    if (step > 256) RC_ASSERT(100 * (all - beyond(step - 1)) < percentile * all);
  }));
}

TEST_CASE("no candidate has less error than the step of least error") {
  CHECK(rc::check([] {
    const SumHistogram sums = random_sums();
    const std::int32_t max_code = (1 << *rc::gen::inRange(1, 9)) - 1;
    const std::int64_t bound = static_cast<std::int64_t>(sums.size()) - 1 + *rc::gen::inRange(0, 50);
    const std::int32_t step = calibrated_step256(sums, bound, max_code, kLeastError).value();
    const std::int64_t least = squared_error(sums, {max_code, step});
    const auto check = [&](std::int32_t other) {
      const std::int64_t error = squared_error(sums, {max_code, other});
      RC_ASSERT(least < error || (least == error && step <= other));
    };
    check(256);                             // clip
    check(least_step256(bound, max_code));  // full
    for (std::size_t s = 0; s < sums.size(); ++s) {
      if (sums[s] > 0) check(least_step256(static_cast<std::int64_t>(s), max_code));
    }
  }));
}

}  // namespace
}  // namespace squeezebar::test
