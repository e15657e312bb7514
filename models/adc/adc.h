// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/base/schema.h"
#include "sim/terms/adc_calibration.h"
#include "sim/terms/adc_scan.h"
#include "sim/terms/adc_transfer.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// How the resolution of the ADCs is chosen: `bits` as given, the least that converts every sum of the
/// mapped network, or for each crossbar the least that converts every sum of its own, `bits` at most.
enum class AdcResolution { fixed, lossless, per_crossbar };
/// How codes spread over the sums: steps of one that saturate, the smallest step that holds the largest sum,
/// or steps chosen from the sums of sample inputs.
enum class AdcRange { clip, full, calibrated };

/// The bits for which a conversion is charged where they are chosen for each crossbar: those of the
/// conversion, or those of D.U.B. (arXiv 2403.13082), which takes one bit less where a column is as full as a
/// power of two. Or in any case those of the table in `adaptive_adc`, by input cycle and weight slice.
enum class AdcAccounting { exact, dub, adaptive };
/// Whether the ADCs of a crossbar are built for `bits` and turned down, or built for what they convert.
enum class AdcBuild { bits, own };
/// How the time of a conversion depends on its bits: not at all, or a comparison for each.
enum class AdcConversionTime { constant, sar };
/// What converts to one bit: a sense amplifier, or an ADC of the model.
enum class OneBitConverter { sense_amplifier, model };

/// Parameters common to all ADC models.
struct AdcParams {
  int bits = 8;
  AdcResolution resolution = AdcResolution::fixed;
  AdcRange range = AdcRange::clip;
  Path calibration;
  CalibratePer calibrate_per = CalibratePer::crossbar;
  CalibrateBy calibrate_by = CalibrateBy::least_error;
  double percentile = 99.9;
  AdcScan scan = AdcScan::all;
  int per_crossbar = 1;
  Frequency rate;
  AdcAccounting accounting = AdcAccounting::exact;
  AdcBuild build = AdcBuild::bits;
  AdcConversionTime conversion_time = AdcConversionTime::constant;
  int rate_bits = 8;
  OneBitConverter one_bit = OneBitConverter::sense_amplifier;
  double leakage_share = 0.0;
};

/// How an ADC maps sums to codes, how long that takes and what it costs. A variant registers itself in
/// Registry<AdcModel>; most need only cost() and source(). Bits are 1..kMaxAdcBits.
class AdcModel {
 public:
  virtual ~AdcModel() = default;

  /// For sums in 0..sum_bound. clip: steps of one. full: the smallest step of k/256, k >= 256, whose highest
  /// code reaches sum_bound. calibrated: as full, for crossbars of which no sum is known.
  virtual AdcTransfer transfer(int bits, AdcRange range, std::int64_t sum_bound) const;

  /// `rate` is the configured conversion rate of one ADC.
  virtual ConversionTiming timing(int bits, const Rate& rate) const;

  /// Of one ADC of this resolution: energy per conversion, nameplate power, leakage, area. Does not decrease
  /// with `bits`. Throws std::invalid_argument for resolutions that the model knows nothing about.
  virtual ComponentCost cost(int bits, Length node) const = 0;

  /// Where the numbers come from, for reports.
  virtual std::string source() const = 0;
};

}  // namespace squeezebar
