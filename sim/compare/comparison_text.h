// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/compare/comparison.h"
#include "sim/compare/difference.h"

namespace squeezebar {

/// What of a comparison is printed.
struct ComparisonTextOptions {
  bool whole_config = false;  ///< every changed key, however many there are
  std::size_t width = 120;    ///< columns; more runs than fit stand in further tables, beside the baseline
};

/// The comparison as aligned tables: the runs, what their configs change, and the metrics (or, if asked for,
/// the layers).
std::string comparison_text(const Comparison& comparison, const ComparisonTextOptions& options);

/// The same for machines: {"runs", "warnings", "config", "metrics" or "layers"}.
std::string comparison_json(const Comparison& comparison, const std::vector<ResultDifference>* differences);

/// A record per metric (and layer): value of every run, and its ratio to the baseline.
std::string comparison_csv(const Comparison& comparison);

/// The differences for people, at most `most` of them, each on a new line.
std::string differences_text(const std::vector<ResultDifference>& differences, std::size_t most = 20);

}  // namespace squeezebar
