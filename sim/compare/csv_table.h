// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diag.h"

namespace squeezebar {

/// A CSV file: a line of column names, then records of as many fields.
struct CsvTable {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> records;
  std::vector<int> lines;  ///< on which each record begins, from 1

  /// Index of a column, or nothing.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
};

/// Reads RFC 4180 with line feeds (carriage returns before them are dropped). Refused with their line: quotes
/// that are not closed or stand inside a field, records that are too short or too long, column names that
/// repeat, and a last line without its end, which is how a cut file looks.
std::optional<CsvTable> parse_csv(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace squeezebar
