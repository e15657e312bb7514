// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/exact_product.h"

#include <algorithm>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/engine/crossbar/kernels/exact_product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace squeezebar {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Two rows at a time: their inputs, side by side in 32 bits, times both rows' weights of each channel. The
/// sums of two vectors of channels stay in registers while all rows are added.
#if HWY_TARGET == HWY_SCALAR

void multiply_pairs(std::span<const std::int16_t> inputs, const std::int16_t* HWY_RESTRICT pairs,
                    std::size_t padded_channels, std::size_t channels, std::int64_t* HWY_RESTRICT sums) {
  for (std::size_t c = 0; c < channels; ++c) {
    std::int32_t sum = 0;
    for (std::size_t r = 0; r < inputs.size(); ++r)
      sum += std::int32_t{inputs[r]} * pairs[2 * (r / 2 * padded_channels + c) + r % 2];
    sums[c] += 256 * std::int64_t{sum};
  }
}

#else

void multiply_pairs(std::span<const std::int16_t> inputs, const std::int16_t* HWY_RESTRICT pairs,
                    std::size_t padded_channels, std::size_t channels, std::int64_t* HWY_RESTRICT sums) {
  const hn::CappedTag<std::int32_t, kExactPadding / 2> wide;
  const hn::Repartition<std::int16_t, decltype(wide)> narrow;
  const std::size_t lanes = hn::Lanes(wide);
  alignas(64) std::int32_t out[kExactPadding];
  for (std::size_t first = 0; first < channels; first += 2 * lanes) {
    auto even = hn::Zero(wide);
    auto odd = hn::Zero(wide);
    auto next_even = hn::Zero(wide);
    auto next_odd = hn::Zero(wide);
    const std::int16_t* weight = pairs + 2 * first;
    for (std::size_t r = 0; r < inputs.size(); r += 2, weight += 2 * padded_channels) {
      std::int32_t both = 0;
      std::memcpy(&both, inputs.data() + r, sizeof both);
      if (both == 0) continue;
      const auto input = hn::BitCast(narrow, hn::Set(wide, both));
      even = hn::ReorderWidenMulAccumulate(wide, input, hn::LoadU(narrow, weight), even, odd);
      next_even = hn::ReorderWidenMulAccumulate(wide, input, hn::LoadU(narrow, weight + 2 * lanes), next_even,
                                                next_odd);
    }
    hn::StoreU(hn::RearrangeToOddPlusEven(even, odd), wide, out);
    hn::StoreU(hn::RearrangeToOddPlusEven(next_even, next_odd), wide, out + lanes);
    const std::size_t here = std::min(2 * lanes, channels - first);
    for (std::size_t c = 0; c < here; ++c) sums[first + c] += 256 * std::int64_t{out[c]};
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace squeezebar
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace squeezebar {
namespace {
HWY_EXPORT(multiply_pairs);
}  // namespace

bool ExactProduct::pack(std::int64_t largest_input) {
  constexpr std::int64_t kNarrow = std::numeric_limits<std::int16_t>::max();
  if (largest_input > kNarrow) return false;
  for (std::size_t c = 0; c < channels_; ++c) {
    std::int64_t bound = 0;
    for (std::size_t r = 0; r < rows_; ++r) {
      const std::int64_t magnitude = std::abs(weight(r, c));
      if (magnitude > kNarrow) return false;
      bound += magnitude * largest_input;
    }
    if (bound > std::numeric_limits<std::int32_t>::max()) return false;
  }
  padded_channels_ = (channels_ + kExactPadding - 1) / kExactPadding * kExactPadding;
  pairs_.assign((rows_ + 1) / 2 * 2 * padded_channels_, 0);
  for (std::size_t r = 0; r < rows_; ++r) {
    for (std::size_t c = 0; c < channels_; ++c)
      pairs_[2 * (r / 2 * padded_channels_ + c) + r % 2] = static_cast<std::int16_t>(weight(r, c));
  }
  std::vector<std::int64_t>().swap(weights_);  // "= {}" would keep the memory
  return true;
}

void ExactProduct::run(std::span<const std::int16_t> inputs, std::span<std::int64_t> sums) const {
  HWY_DYNAMIC_DISPATCH(multiply_pairs)(inputs, pairs_.data(), padded_channels_, channels_, sums.data());
}

}  // namespace squeezebar
#endif  // HWY_ONCE
