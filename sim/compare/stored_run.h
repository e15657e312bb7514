// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/compare/csv_table.h"
#include "sim/compare/figures.h"

namespace squeezebar {

/// A run folder that was read back.
struct StoredRun {
  std::string name;  ///< how a comparison calls it
  std::filesystem::path folder;
  Figures summary;
  CsvTable layers;
  CsvTable energy;
  std::vector<std::pair<std::string, std::string>> config;  ///< key and value; without sources
};

/// The texts of a run folder's files.
struct StoredRunTexts {
  std::string summary;
  std::string layers;
  std::string energy;
  std::string resolved;
};

/// Reads the files of a run and holds them against each other: every figure that a comparison needs is there,
/// and the parts sum to the totals. What is wrong goes to `diagnostics`, under the names of files in
/// `folder`.
StoredRun parse_run(const std::filesystem::path& folder, const StoredRunTexts& texts,
                    Diagnostics& diagnostics);

/// Reads a run folder; one that is not a complete run is refused with the advice that fits.
StoredRun read_run(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace squeezebar
