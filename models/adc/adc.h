// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/base/adc_scan.h"
#include "sim/base/adc_transfer.h"
#include "sim/base/description.h"

namespace squeezebar {

/// How the resolution of the ADCs is chosen: `bits` as given, or the least that converts every sum of the
/// mapped network.
enum class AdcResolution { fixed, lossless };
/// How codes spread over the sums: steps of one that saturate, or the smallest step that holds the largest
/// sum.
enum class AdcRange { clip, full };

/// Parameters common to all ADC models.
struct AdcParams {
  int bits = 8;
  AdcResolution resolution = AdcResolution::fixed;
  AdcRange range = AdcRange::clip;
  AdcScan scan = AdcScan::all;
  int per_crossbar = 1;
  Frequency rate;
};

/// How an ADC maps sums to codes, how long that takes and what it costs. A variant registers itself in
/// Registry<AdcModel>; most need only cost() and source(). Bits are 1..kMaxAdcBits.
class AdcModel {
 public:
  virtual ~AdcModel() = default;

  /// For sums in 0..sum_bound. clip: steps of one. full: the smallest step of k/256, k >= 256, whose highest
  /// code reaches sum_bound.
  virtual AdcTransfer transfer(int bits, AdcRange range, std::int64_t sum_bound) const;

  /// `rate` is the configured conversion rate of one ADC.
  virtual ConversionTiming timing(int bits, Frequency rate) const;

  /// Of one ADC of this resolution: energy per conversion, nameplate power, leakage, area. Does not decrease
  /// with `bits`. Throws std::invalid_argument for resolutions that the model knows nothing about.
  virtual ComponentCost cost(int bits, Length node) const = 0;

  /// Where the numbers come from, for reports.
  virtual std::string source() const = 0;
};

}  // namespace squeezebar
