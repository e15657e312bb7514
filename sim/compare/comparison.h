// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/compare/metric.h"
#include "sim/compare/stored_run.h"

namespace squeezebar {

/// One figure of one run beside that of the baseline.
struct ComparedValue {
  std::optional<double> value;
  std::optional<double> ratio;  ///< to the baseline; absent for the baseline itself and beside a zero
  std::string text;             ///< the value for people, with its unit
  std::string change;           ///< against the baseline for people: "0.45x", "-0.50 points", "="
};

struct ComparedMetric {
  std::string group;  ///< rows of a group stand together
  std::string label;
  std::string key;                    ///< for machines
  std::string unit;                   ///< of `value`; empty for counts and ratios
  std::vector<ComparedValue> values;  ///< [run]
};

/// A key of the config that has not the same value in all runs.
struct ConfigChange {
  std::string key;
  std::vector<std::string> values;  ///< [run]; empty: the key is not there
};

/// One metric over the layers of the runs; the label of a row is the layer.
struct LayerComparison {
  LayerMetric metric;
  std::vector<ComparedMetric> layers;
};

/// Runs side by side; the first is what the others are held against.
struct Comparison {
  std::vector<std::string> names;
  std::vector<std::string> folders;
  std::vector<std::string> descriptions;
  std::vector<ConfigChange> config;
  std::vector<ComparedMetric> metrics;
  std::vector<LayerComparison> layers;
  std::vector<std::string> warnings;  ///< why the runs may not be comparable
};

/// Needs at least two runs.
Comparison compare_runs(const std::vector<StoredRun>& runs, const std::vector<LayerMetric>& layer_metrics);

/// Gives every run a short name that no other run has: the last part of its folder, or more of it.
void name_runs(std::vector<StoredRun>& runs);

}  // namespace squeezebar
