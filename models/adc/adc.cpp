// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adc.h"

#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "models/crossbar/crossbar.h"
#include "models/technology/technology.h"
#include "sim/base/config.h"
#include "sim/terms/actions.h"

namespace squeezebar {

AdcTransfer AdcModel::transfer(int bits, AdcRange range, std::int64_t sum_bound) const {
  if (bits < 1 || bits > kMaxAdcBits) throw std::invalid_argument(fmt::format("no ADC has {} bits", bits));
  const std::int64_t max_code = (std::int64_t{1} << bits) - 1;
  std::int32_t step256 = 256;
  if (range != AdcRange::clip) {
    if (sum_bound < 0 || sum_bound > std::numeric_limits<std::int32_t>::max() / 256) {
      throw std::invalid_argument(fmt::format("a sum of {} is beyond any ADC", sum_bound));
    }
    step256 = least_step256(sum_bound, max_code);
  }
  return {static_cast<std::int32_t>(max_code), step256};
}

ConversionTiming AdcModel::timing(int /*bits*/, const Rate& rate) const { return {rate}; }

namespace {

Schema<AdcParams> schema() {
  return Schema<AdcParams>("The converters that turn column sums into codes.")
      .field("bits", &AdcParams::bits,
             {.min = 1,
              .max = kMaxAdcBits,
              .doc = "Resolution; with `resolution: lossless` it is chosen by the mapping, with "
                     "`per_crossbar` it is the highest."})
      .choice(
          "resolution", &AdcParams::resolution,
          {{"fixed", AdcResolution::fixed},
           {"lossless", AdcResolution::lossless},
           {"per_crossbar", AdcResolution::per_crossbar}},
          {.def = AdcResolution::fixed,
           .doc = "`bits` as given, the fewest bits with which no sum of the mapped network is clipped, or "
                  "for each crossbar the fewest with which none of its own is, `bits` at most."})
      .choice("range", &AdcParams::range,
              {{"clip", AdcRange::clip}, {"full", AdcRange::full}, {"calibrated", AdcRange::calibrated}},
              {.def = AdcRange::clip,
               .doc = "Steps of one that saturate at the highest code, the smallest step that holds the "
                      "largest sum there can be, or steps from the sums that sample inputs gave."})
      .field(
          "calibration", &AdcParams::calibration,
          {.def = Path{},
           .doc = "With `range: calibrated`: folder that `squeezebar calibrate` wrote. What it holds takes "
                  "part in the hash of values."})
      .choice("calibrate_per", &AdcParams::calibrate_per,
              {{"layer", CalibratePer::layer},
               {"column_block", CalibratePer::column_block},
               {"crossbar", CalibratePer::crossbar}},
              {.def = CalibratePer::crossbar,
               .doc = "With `range: calibrated`: crossbars whose sums are put together for a step."})
      .choice(
          "calibrate_by", &AdcParams::calibrate_by,
          {{"percentile", CalibrateBy::percentile}, {"least_error", CalibrateBy::least_error}},
          {.def = CalibrateBy::least_error,
           .doc = "With `range: calibrated`: the smallest step that holds `percentile` of the sums, or the "
                  "step of least squared error."})
      .field("percentile", &AdcParams::percentile,
             {.def = 99.9,
              .max = 100,
              .above = 0,
              .doc = "With `calibrate_by: percentile`: share of the sums seen, zeros included, that are not "
                     "clipped, in percent, to a millionth."})
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
              .affects = Affects::timing})
      .choice("conversion_time", &AdcParams::conversion_time,
              {{"constant", AdcConversionTime::constant}, {"sar", AdcConversionTime::sar}},
              {.def = AdcConversionTime::constant,
               .doc = "`rate` at any resolution, or a comparison for each bit and one more (successive "
                      "approximation); `rate` is then that of `rate_bits`.",
               .affects = Affects::timing})
      .field("rate_bits", &AdcParams::rate_bits,
             {.def = 8,
              .min = 1,
              .max = kMaxAdcBits,
              .doc = "Resolution for which `rate` holds, with `conversion_time: sar`.",
              .affects = Affects::timing})
      .choice("accounting", &AdcParams::accounting,
              {{"exact", AdcAccounting::exact},
               {"dub", AdcAccounting::dub},
               {"adaptive", AdcAccounting::adaptive}},
              {.def = AdcAccounting::exact,
               .doc = "With `resolution: per_crossbar`: conversions are charged for their bits, or as D.U.B. "
                      "does for log2(rows) - k where no column has more than rows / 2^k ones. With any: "
                      "`adaptive` charges them by input cycle and weight slice, see `adaptive_adc`.",
               .affects = Affects::timing})
      .choice("build", &AdcParams::build, {{"bits", AdcBuild::bits}, {"own", AdcBuild::own}},
              {.def = AdcBuild::bits,
               .doc = "With `resolution: per_crossbar`: area and leakage of ADCs of `bits`, or of the bits "
                      "that each crossbar is charged for.",
               .affects = Affects::accounting})
      .choice(
          "one_bit", &AdcParams::one_bit,
          {{"sense_amplifier", OneBitConverter::sense_amplifier}, {"model", OneBitConverter::model}},
          {.def = OneBitConverter::sense_amplifier,
           .doc = "What converts to one bit: a `sense_amplifier`, at no higher cost than that of the model's "
                  "smallest ADC of more bits, or an ADC of the model.",
           .affects = Affects::accounting})
      // hwcomponents takes a fifth of the survey fit's energy as leakage.
      .field("leakage_share", &AdcParams::leakage_share,
             {.def = 0.0,
              .min = 0,
              .max = 1,
              .doc = "Share of an ADC's power that it draws all the time; conversions cost so much less.",
              .affects = Affects::accounting});
}

const RegisterVariantSection<AdcParams, AdcModel> section{"adc", schema()};
const RegisterAction conversion{"adc", "convert", "one conversion"};

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
