// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/units.h"

namespace squeezebar {

/// Digits in groups of three: "1,234,567".
std::string count_text(std::uint64_t value);
std::string count_text(std::int64_t value);

/// A large number for reading at a glance: "950", "12.3 thousand", "4.56 million", "7.8 billion".
std::string rough_count_text(double value);

/// A plain number with four significant digits.
std::string rounded_text(double value, int digits = 4);

/// A fraction as "12.3 %"; two significant digits below one percent, and never "0 %" for a positive fraction.
std::string percent_text(double fraction);

/// part / whole, or nothing for an empty whole.
std::optional<double> fraction_of(double part, double whole);

/// "label" of one thing, "labels" of several: "1 image", "2 images".
std::string counted(std::int64_t count, const std::string& singular, const std::string& plural);

}  // namespace squeezebar
