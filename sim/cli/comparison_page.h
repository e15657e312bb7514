// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "sim/compare/comparison.h"

namespace squeezebar {

/// Beside the folders of a config's variants.
inline constexpr const char* kComparisonPage = "comparison.html";

/// Reads complete run folders; throws UserError with everything that is wrong in any of them.
std::vector<StoredRun> read_runs(const std::vector<std::string>& folders);

/// Writes the comparison of runs as a page with charts, with the figures of layers that explain the others
/// and those of `more`. The page appears only when it is whole.
void write_comparison_page(const std::filesystem::path& file, const std::vector<StoredRun>& runs,
                           const std::vector<LayerMetric>& more);

}  // namespace squeezebar
