// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/base/config.h"
#include "sim/compile/hardware.h"
#include "sim/report/adc_saving.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Conversions by the bound of the sums that the ADCs of their crossbars meet.
using ConversionsByBound = std::map<std::int64_t, std::uint64_t>;

/// What ADCs of a resolution for each crossbar save on a mapped network, by crossbars and by weights.
/// `arrays` are those of the whole network, in one replica.
AdcSaving adc_saving(const Config& config, const Network& network, const LevelSumCounts& arrays);

/// Adds what they save by conversions of a run.
void weigh_by_conversions(const Config& config, const ConversionsByBound& conversions, AdcSaving& saving);

/// The arrays of a mapped network, in one replica.
LevelSumCounts level_sums_of(const Hardware& hardware);

}  // namespace squeezebar
