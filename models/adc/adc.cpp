// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adc.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "models/crossbar/crossbar.h"
#include "models/technology/technology.h"
#include "sim/base/actions.h"
#include "sim/base/config.h"

namespace squeezebar {

AdcTransfer AdcModel::transfer(int bits, AdcRange range, std::int64_t sum_bound) const {
  if (bits < 1 || bits > kMaxAdcBits) throw std::invalid_argument(fmt::format("no ADC has {} bits", bits));
  const std::int64_t max_code = (std::int64_t{1} << bits) - 1;
  std::int64_t step256 = 256;
  if (range == AdcRange::full) {
    if (sum_bound < 0 || sum_bound > std::numeric_limits<std::int32_t>::max() / 256) {
      throw std::invalid_argument(fmt::format("a sum of {} is beyond any ADC", sum_bound));
    }
    step256 = std::max(step256, (256 * sum_bound + max_code - 1) / max_code);
  }
  return {static_cast<std::int32_t>(max_code), static_cast<std::int32_t>(step256)};
}

ConversionTiming AdcModel::timing(int /*bits*/, Frequency rate) const { return {rate}; }

namespace {

Schema<AdcParams> schema() {
  return Schema<AdcParams>("The converters that turn column sums into codes.")
      .field("bits", &AdcParams::bits,
             {.min = 1,
              .max = kMaxAdcBits,
              .doc = "Resolution; with `resolution: lossless` it is chosen by the mapping."})
      .choice(
          "resolution", &AdcParams::resolution,
          {{"fixed", AdcResolution::fixed}, {"lossless", AdcResolution::lossless}},
          {.def = AdcResolution::fixed,
           .doc = "`bits` as given, or the fewest bits with which no sum of the mapped network is clipped."})
      .choice("range", &AdcParams::range, {{"clip", AdcRange::clip}, {"full", AdcRange::full}},
              {.def = AdcRange::clip,
               .doc = "Steps of one that saturate at the highest code, or the smallest step that holds the "
                      "largest sum."})
      .choice("scan", &AdcParams::scan,
              {{"all", AdcScan::all}, {"mapped", AdcScan::mapped}, {"occupied", AdcScan::occupied}},
              {.def = AdcScan::all,
               .doc = "Columns converted in each bit-cycle: all, those that hold a weight, or those with a "
                      "non-zero cell.",
               .affects = Affects::timing})
      .field("per_crossbar", &AdcParams::per_crossbar,
             {.def = 1,
              .min = 1,
              .max = 1024,
              .doc = "ADCs of one crossbar, which share its columns evenly.",
              .affects = Affects::timing})
      .field("rate", &AdcParams::rate,
             {.min = 1_kHz,
              .max = 1000_GHz,
              .doc = "Conversions per second of one ADC, for timing; the cost model has its own rate.",
              .affects = Affects::timing});
}

const RegisterVariantSection<AdcParams, AdcModel> section{"adc", schema()};

const RegisterRule adc_fits{[](const Config& config, Diagnostics& diagnostics) {
  const AdcParams& adc = config.get<AdcParams>();
  if (adc.per_crossbar > config.get<CrossbarParams>().columns) {
    diagnostics.error(config.place("adc.per_crossbar"), "adc.per_crossbar",
                      "more ADCs than the crossbar has columns");
  }
  if (adc.resolution != AdcResolution::fixed) return;
  try {
    config.variant<AdcModel>().cost(adc.bits, config.get<TechnologyParams>().node);
  } catch (const std::invalid_argument& error) {
    diagnostics.error(config.place("adc.bits"), "adc.bits", error.what());
  }
}};

}  // namespace
}  // namespace squeezebar
