// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/adc_step.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/terms/adc_transfer.h"

namespace squeezebar {
namespace {

// 2^63 conversions of sums below 2^16 in 256ths, squared: less than 2^113.
__extension__ using Wide = __int128;

/// Sums by code: what a step costs takes a look at each code, not at each sum.
class Moments {
 public:
  explicit Moments(const SumHistogram& sums)
      : size_(static_cast<std::int64_t>(sums.size())), below_(sums.size() + 1) {
    for (std::size_t s = 0; s < sums.size(); ++s) {
      const auto sum = static_cast<std::int64_t>(s);
      const Wide n = sums[s];
      below_[s + 1] = {below_[s].count + n, below_[s].sum + n * sum, below_[s].square + n * sum * sum};
    }
  }

  [[nodiscard]] Wide count() const { return below_.back().count; }
  /// The sum of (256 sum - code x step)^2.
  [[nodiscard]] Wide error(std::int64_t step256, std::int64_t max_code) const {
    Wide error = 0;
    std::int64_t first = 0;
    for (std::int64_t code = 0; first < size_; ++code) {
      // The first sum whose code is larger; the highest code takes all that are left.
      const std::int64_t last =
          code == max_code ? size_ : std::min(size_, (step256 * (2 * code + 1) + 511) / 512);
      const Entry& low = below_[static_cast<std::size_t>(first)];
      const Entry& high = below_[static_cast<std::size_t>(last)];
      const Wide value = code * step256;
      error += 65536 * (high.square - low.square) - 512 * value * (high.sum - low.sum) +
               value * value * (high.count - low.count);
      first = last;
    }
    return error;
  }

 private:
  /// Of all sums below one.
  struct Entry {
    Wide count = 0;
    Wide sum = 0;
    Wide square = 0;
  };
  std::int64_t size_;
  std::vector<Entry> below_;
};

/// The smallest sum such that at least `percentile` % of all are no larger.
std::int64_t threshold(const SumHistogram& sums, Wide count, double percentile) {
  constexpr double kMillionths = 1e6;
  const Wide wanted = Wide{std::llrint(percentile * kMillionths)} * count;
  Wide seen = 0;
  std::int64_t sum = -1;
  do {
    seen += sums[static_cast<std::size_t>(++sum)];
  } while (seen * 100'000'000 < wanted);
  return sum;
}

std::int32_t step_of_least_error(const SumHistogram& sums, const Moments& moments, std::int64_t sum_bound,
                                 std::int64_t max_code) {
  std::vector<std::int32_t> steps{least_step256(0, max_code), least_step256(sum_bound, max_code)};
  for (std::size_t s = 0; s < sums.size(); ++s) {
    if (sums[s] > 0) steps.push_back(least_step256(static_cast<std::int64_t>(s), max_code));
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  std::int32_t best = steps.front();
  Wide least = moments.error(best, max_code);
  for (const std::int32_t step : steps) {
    const Wide error = moments.error(step, max_code);
    if (error < least) {
      least = error;
      best = step;
    }
  }
  return best;
}

}  // namespace

std::optional<std::int32_t> calibrated_step256(const SumHistogram& sums, std::int64_t sum_bound,
                                               std::int64_t max_code, const StepRule& rule) {
  const Moments moments(sums);
  if (moments.count() == 0) return std::nullopt;
  if (rule.by == CalibrateBy::percentile)
    return least_step256(threshold(sums, moments.count(), rule.percentile), max_code);
  return step_of_least_error(sums, moments, sum_bound, max_code);
}

}  // namespace squeezebar
