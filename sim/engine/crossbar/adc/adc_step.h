// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "sim/terms/adc_calibration.h"

namespace squeezebar {

/// How steps are chosen.
struct StepRule {
  CalibrateBy by = CalibrateBy::least_error;
  double percentile = 100.0;  ///< (0, 100], taken to a millionth
};

/// The step, in 1/256, of ADCs with codes up to `max_code` that converted these sums. Exact: the same
/// integers on every machine. Nothing if no sum was seen.
///
/// percentile: the smallest step whose highest code reaches T, the smallest sum such that at least the wanted
/// share of all sums is no larger. least_error: of the steps whose highest codes reach 0, each sum seen and
/// `sum_bound`, the one of least sum of (256 sum - code x step)^2; the smallest of equals. Steps of one and
/// the full range are among them.
std::optional<std::int32_t> calibrated_step256(const SumHistogram& sums, std::int64_t sum_bound,
                                               std::int64_t max_code, const StepRule& rule);

}  // namespace squeezebar
