// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "sim/report/adc_saving.h"

namespace squeezebar {

/// The object `adc_saving` of summary.json and of `map --json`, which has no conversions.
nlohmann::ordered_json adc_saving_json(const AdcSaving& saving);

}  // namespace squeezebar
