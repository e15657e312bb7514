// SPDX-License-Identifier: Apache-2.0
#include "sim/terms/rates.h"

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

template <class What>
Count count_of(const WorkRate<What>& rate, std::span<const Count> totals) {
  Count out = 0;
  if (__builtin_mul_overflow(rate.n, totals[static_cast<std::size_t>(rate.counter)], &out))
    throw RunError("there are too many actions to count in 64 bits");
  return out;
}

}  // namespace

void count(const Rates& rates, std::span<const Count> totals, CountedWork& counted) {
  for (const auto& rate : rates.actions) counted.actions.add(rate.what, count_of(rate, totals));
  for (const auto& rate : rates.tallies) {
    if (const Count n = count_of(rate, totals); n > 0)
      counted.tallies[rate.what.first][rate.what.second] += n;
  }
}

CountedWork& CountedWork::operator+=(const CountedWork& other) {
  actions += other.actions;
  for (const auto& [name, keys] : other.tallies) {
    for (const auto& [key, n] : keys) tallies[name][key] += n;
  }
  return *this;
}

}  // namespace squeezebar
