// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/axis_value.h"

namespace squeezebar {

/// Numbers between two bounds, with the unit in which the spec gives them; of several the smallest, in which
/// all of them are exact.
struct Interval {
  double from = 0.0;
  double to = 0.0;
  int points = 0;  ///< evenly spaced, both bounds among them; 0 when sampled
  bool logarithmic = false;
  bool whole = false;  ///< both bounds are whole numbers without a unit: so is every value
  std::string unit;

  /// The value at `share` of the way, 0 to 1: text that the config reads.
  [[nodiscard]] std::string at(double share) const;
};

enum class IntervalUse { steps, sample };

/// Reads `{from: 1 GHz, to: 4 GHz, points: 5, scale: log}`, or `{from: 1, to: 9, step: 2}`; points and step
/// are for `steps` alone.
std::optional<Interval> read_interval(const YamlEntry& entry, IntervalUse use, Diagnostics& diagnostics);

/// The values of an axis over the interval's points; whole numbers that come twice after rounding are there
/// once.
std::vector<AxisValue> interval_values(const std::string& key, const Interval& interval, const Place& place);

}  // namespace squeezebar
