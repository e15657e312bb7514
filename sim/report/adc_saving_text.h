// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/report/adc_saving.h"

namespace squeezebar {

/// What ADCs of a resolution for each crossbar save, as three lines of a summary: what they say and the
/// figures, those of energy under one ADC model.
std::vector<std::pair<std::string, std::string>> adc_saving_lines(const AdcSaving& saving,
                                                                  const std::string& model);

/// The same where energy is in proportion to bits, by crossbars and by weights.
std::string bits_saved_text(const AdcSaving& saving);

/// A model with what must be known about its figures: "survey (extrapolated)".
std::string adc_model_text(const AdcSaving& saving, const std::string& model);

/// How the configured ADCs are: "fixed", "per_crossbar, accounting dub".
std::string configured_adcs_text(const AdcSaving& saving);

/// What one bit costs as much as: "sense amplifier", or "ADC of 2 bits" with the resolution that is not 0.
std::string one_bit_text(int adc_bits);

/// "1.27 x", or a dash where no energy is left.
std::string ratio_text(const std::optional<double>& ratio);

}  // namespace squeezebar
