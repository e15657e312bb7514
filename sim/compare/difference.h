// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/compare/stored_run.h"

namespace squeezebar {

/// A result that one run has otherwise than the baseline.
struct ResultDifference {
  std::string run;       ///< name of the run
  std::string file;      ///< summary.json, layers.csv or energy.csv
  std::string key;       ///< "crossbars.allocated.total", "conv1.bit_cycles"
  std::string baseline;  ///< empty: not there
  std::string value;
};

/// Every result that differs from the first run's. What describes a run and is no result of it (names,
/// hashes, models, notes, version) takes no part; numbers may differ by `tolerance`, relative to the larger
/// one.
std::vector<ResultDifference> differences(const std::vector<StoredRun>& runs, double tolerance);

}  // namespace squeezebar
