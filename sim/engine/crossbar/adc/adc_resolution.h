// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/engine/crossbar/mapped_network.h"

namespace squeezebar {

/// Resolutions of the ADCs of a whole chip.
struct AdcResolutions {
  int built = 0;  ///< of the ADCs that are not built for what they convert, and the highest there is
  /// Crossbars on the chip, replicas included, by the bits with which their conversions are priced; none at
  /// bits that only some of a crossbar's conversions are priced with.
  std::map<int, std::int64_t> crossbars{};
};

/// Fewest bits of an ADC that clips no sum up to the bound: max(1, ceil(log2(S + 1))).
int lossless_bits(std::int64_t sum_bound);
/// Bits of a crossbar in D.U.B.'s accounting (arXiv 2403.13082): at level k no column has more than N * 2^-k
/// non-zeros, which takes log2(N) - k bits; 0 with at most one. Written with the bound of the sums, which is
/// the number of non-zeros where cells and inputs have one bit.
int dub_bits(std::int64_t sum_bound);

/// Chooses the resolution of every crossbar's ADCs. What cannot be goes to `diagnostics`.
void choose_adcs(const Config& config, MappedNetwork& mapped, Diagnostics& diagnostics);

/// After replication.
AdcResolutions adc_resolutions(const MappedNetwork& mapped);

/// Conversions per second of one ADC of this resolution.
Rate conversion_rate(const Config& config, int bits);

}  // namespace squeezebar
