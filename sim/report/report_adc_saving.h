// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/report/adc_saving.h"
#include "sim/report/html_page.h"

namespace squeezebar {

/// Rows of the HTML report's table of crossbars by the ADC bits that they need.
kainjow::mustache::data adc_need_rows(const AdcSaving& saving);

/// Rows of its table of what ADCs of a resolution for each crossbar save, by ADC model.
kainjow::mustache::data adc_saving_rows(const AdcSaving& saving);

/// What a reader of the tables must know.
std::string adc_saving_hint(const AdcSaving& saving);

}  // namespace squeezebar
