// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/base/config.h"
#include "sim/compile/hardware.h"
#include "sim/report/adc_saving.h"
#include "sim/run/image_values.h"
#include "sim/terms/adc_scan.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Conversions by the bound of the sums that the ADCs of their crossbars meet.
using ConversionsByBound = std::map<std::int64_t, std::uint64_t>;

/// Counts the conversions of a run by what the ADCs that make them meet. It needs the hardware only to be
/// built.
class ConversionCounter {
 public:
  ConversionCounter(const Config& config, const Hardware& hardware);
  void add(const ImageValues& image);
  [[nodiscard]] ConversionsByBound of_layer(std::size_t layer) const;

 private:
  struct Group {
    ConversionsByBound per_bit_cycle;  ///< 0 with operation units
    std::int64_t bound_of_units = 0;
    std::uint64_t bit_cycles = 0;
    std::uint64_t of_units = 0;  ///< conversions
  };
  AdcScan scan_;
  std::vector<std::vector<Group>> layers_;
};

/// What ADCs of a resolution for each crossbar save on a mapped network, by crossbars and by weights.
/// `arrays` are those of the whole network, in one replica.
AdcSaving adc_saving(const Config& config, const Network& network, const LevelSumCounts& arrays);

/// Adds what they save by conversions of a run.
void weigh_by_conversions(const Config& config, const ConversionsByBound& conversions, AdcSaving& saving);

/// The arrays of a mapped network, in one replica.
LevelSumCounts level_sums_of(const Hardware& hardware);

}  // namespace squeezebar
