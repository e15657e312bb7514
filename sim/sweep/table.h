// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/registry.h"
#include "sim/sweep/sweep.h"

namespace squeezebar {

enum class ColumnRole { point, axis, status, metric };

/// One column of a sweep's table.
struct TableColumn {
  std::string name;
  ColumnRole role = ColumnRole::metric;
  bool is_number = false;           ///< of all its cells that are not empty
  std::string unit{};               ///< SI; empty: none
  std::string about{};              ///< one sentence
  std::vector<std::string> keys{};  ///< of the config that an axis sets
};

/// Every point of a sweep with its results, in the order of the plan.
struct SweepTable {
  std::string spec;
  std::string base;
  std::string tool_version;
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;  ///< a text for each column; empty: not known
  std::size_t done = 0;
  std::size_t failed = 0;
  std::size_t unfit = 0;      ///< cannot be computed: the plan says why
  std::size_t missing = 0;    ///< not computed yet
  std::size_t simulated = 0;  ///< results with values of their own
  std::size_t timed = 0;      ///< results whose values are those of others, not their time
  std::size_t priced = 0;     ///< results that differ from others in prices alone
  std::vector<PointFault> faults;
};

/// The columns that the figures of a summary get.
std::vector<TableColumn> metric_columns(const Figures& summary);

/// Gathers what the points of a plan left. The same results give the same table, whoever computed them.
SweepTable merge(const Plan& plan, const SweepFolder& folder);

/// One format of the table: one file of tables/ each, found under the name of the file that it writes.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// Throws UserError if the file cannot be written. The same table gives the same bytes.
  virtual void write(const SweepTable& table, const std::filesystem::path& file) const = 0;
};

/// The table in every format, in the sweep's folder.
void write_tables(const SweepTable& table, const std::filesystem::path& folder);

}  // namespace squeezebar
