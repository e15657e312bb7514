// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/table.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sim/base/parallel.h"
#include "sim/base/units.h"
#include "sim/sweep/failures.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// What of summary.json is no result of a point: `config_hash` and the like are in its name.
constexpr std::array<std::string_view, 11> kLeftOut{"schema_version",
                                                    "config_hash.",
                                                    "notes.",
                                                    "synthetic.",
                                                    "workload_hash",
                                                    "tool_version",
                                                    "program",
                                                    "adc_saving.resolution",
                                                    "adc_saving.accounting",
                                                    "adc_saving.extrapolated.",
                                                    "adc_saving.absent."};

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kUnits{{{"_per_mm2", "1/mm2"},
                                                                               {"_per_s", "1/s"},
                                                                               {"_per_w", "1/W"},
                                                                               {"_mm2", "mm2"},
                                                                               {"_db", "dB"},
                                                                               {"_hz", "Hz"},
                                                                               {"_j", "J"},
                                                                               {"_s", "s"},
                                                                               {"_w", "W"}}};

bool left_out(std::string_view key) {
  return std::any_of(kLeftOut.begin(), kLeftOut.end(), [key](std::string_view one) {
    return one.back() == '.' ? key.starts_with(one) : key == one;
  });
}

/// The unit that the name of a figure ends with: "latency_s", "energy_by_component_j.adc".
std::string unit_of(std::string_view key) {
  const std::string_view name = key.substr(0, key.find('.'));
  if (name == "peak" && key.find('.') != std::string_view::npos)
    return unit_of(key.substr(key.find('.') + 1));
  if (name.starts_with("tops_per_w")) return "TOPS/W";
  if (name.starts_with("tops_per_mm2")) return "TOPS/mm2";
  if (name == "tops") return "TOPS";
  for (const auto& [ending, unit] : kUnits) {
    if (name.ends_with(ending)) return std::string(unit);
  }
  return {};
}

/// Results of one name: figures by key in the order of the file, or why there are none.
struct PointResult {
  enum class Status { missing, done, failed, unfit } status = Status::missing;
  std::string reason;
  std::string fault;  ///< of what lies in the place of its results
  std::optional<Figures> summary;
};

PointResult result_of(const PlannedPoint& point, const PointStore& store, const FailureLog& failures) {
  PointResult out;
  if (!point.unfit.empty()) {
    out.status = PointResult::Status::unfit;
    out.reason = point.unfit;
  }
  if (point.id.empty()) return out;
  StoredPoint stored = store.look(point.identity);
  out.summary = std::move(stored.summary);
  out.fault = std::move(stored.fault);
  if (out.summary) {
    out.status = PointResult::Status::done;
  } else if (std::optional<Failure> failure = failures.find(point.id)) {
    out.status = PointResult::Status::failed;
    out.reason = failure->reason.empty() ? "the record of its failure is damaged" : failure->reason;
  }
  return out;
}

/// Columns of all figures that some point has, in the order in which they are first seen.
class Metrics {
 public:
  void add(const Figures& summary) {
    for (const Figure& figure : summary.all()) {
      if (left_out(figure.key)) continue;
      const auto [known, is_new] = index_.try_emplace(figure.key, columns_.size());
      if (is_new)
        columns_.push_back(
            {.name = figure.key, .role = ColumnRole::metric, .is_number = true, .unit = unit_of(figure.key)});
      if (figure.kind != Figure::Kind::number && figure.kind != Figure::Kind::null)
        columns_[known->second].is_number = false;
    }
  }
  [[nodiscard]] const std::vector<TableColumn>& columns() const { return columns_; }
  void fill(const Figures& summary, std::vector<std::string>& row) const {
    const std::size_t first = row.size();
    row.resize(first + columns_.size());
    for (const Figure& figure : summary.all()) {
      const auto known = index_.find(figure.key);
      if (known != index_.end() && figure.kind != Figure::Kind::null)
        row[first + known->second] = figure.text;
    }
  }

 private:
  std::vector<TableColumn> columns_;
  std::map<std::string, std::size_t> index_;
};

TableColumn energy_per_image_column() {
  return {"energy_per_image_j", ColumnRole::metric, true, "J", "Energy over images."};
}

std::string energy_per_image(const Figures& summary) {
  const std::optional<double> energy = summary.number("energy_j");
  const std::optional<double> images = summary.number("images");
  return energy && images ? format_number(*energy / *images) : "";
}

void add_columns(const Plan& plan, const Metrics& metrics, SweepTable& table) {
  table.columns.push_back(
      {"point", ColumnRole::point, true, "", "Number of the point in the order of the spec."});
  table.columns.push_back({"id", ColumnRole::point, false, "", "Name of its results in the store."});
  for (const AxisColumn& axis : plan.columns)
    table.columns.push_back({axis.name, ColumnRole::axis, false, "", "", axis.keys});
  table.columns.push_back({"status", ColumnRole::status, false, "", "done, failed, unfit or missing."});
  table.columns.push_back({"reason", ColumnRole::status, false, "", "Why the point failed or is unfit."});
  table.columns.push_back(
      {"run", ColumnRole::status, false, "", "Folder of its results, relative to the sweep's."});
  table.columns.push_back(energy_per_image_column());
  table.columns.insert(table.columns.end(), metrics.columns().begin(), metrics.columns().end());
}

/// Whether all of an axis's labels are numbers, which may have one and the same unit.
void find_axis_types(SweepTable& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    TableColumn& column = table.columns[c];
    if (column.role != ColumnRole::axis) continue;
    column.is_number = std::all_of(table.rows.begin(), table.rows.end(),
                                   [c](const auto& row) { return parse_number(row[c]).ok(); });
  }
}

/// What several points share needs to be computed once, whoever computes it.
void count_shared(const Plan& plan, const std::vector<PointResult>& results, SweepTable& table) {
  std::set<std::string> values;
  std::set<std::string> timings;
  for (const std::size_t i : plan.distinct()) {
    if (results[i].status != PointResult::Status::done) continue;
    const RunIdentity& identity = plan.points[i].identity;
    const bool has_values = values.insert(identity.values_id()).second;
    const bool has_time = timings.insert(identity.timing_id()).second;
    ++(has_values ? table.simulated : has_time ? table.timed : table.priced);
  }
}

}  // namespace

std::vector<TableColumn> metric_columns(const Figures& summary) {
  Metrics metrics;
  metrics.add(summary);
  std::vector<TableColumn> out{energy_per_image_column()};
  out.insert(out.end(), metrics.columns().begin(), metrics.columns().end());
  return out;
}

SweepTable merge(const Plan& plan, const SweepFolder& folder) {
  const FailureLog failures(folder.path());
  std::vector<PointResult> results(plan.points.size());
  parallel_for(0, static_cast<int>(results.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    results[at] = result_of(plan.points[at], folder.store(), failures);
  });
  Metrics metrics;
  for (const PointResult& result : results) {
    if (result.summary) metrics.add(*result.summary);
  }
  SweepTable table{.spec = plan.spec,
                   .base = plan.base,
                   .tool_version = plan.tool_version,
                   .columns = {},
                   .rows = {},
                   .faults = {}};
  add_columns(plan, metrics, table);
  const fs::path here = fs::absolute(folder.path()).lexically_normal();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const PlannedPoint& point = plan.points[i];
    const PointResult& result = results[i];
    std::vector<std::string> row{std::to_string(i + 1), point.id};
    row.insert(row.end(), point.labels.begin(), point.labels.end());
    switch (result.status) {
      case PointResult::Status::done: {
        const fs::path run =
            fs::absolute(folder.store().folder(point.id)).lexically_normal().lexically_relative(here);
        row.insert(row.end(), {"done", "", run.string(), energy_per_image(*result.summary)});
        metrics.fill(*result.summary, row);
        ++table.done;
        break;
      }
      case PointResult::Status::failed:
        row.insert(row.end(), {"failed", result.reason, ""});
        ++table.failed;
        break;
      case PointResult::Status::unfit:
        row.insert(row.end(), {"unfit", result.reason, ""});
        ++table.unfit;
        break;
      case PointResult::Status::missing:
        row.emplace_back("missing");
        ++table.missing;
        break;
    }
    if (!result.fault.empty()) table.faults.push_back({i, result.fault});
    row.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  find_axis_types(table);
  count_shared(plan, results, table);
  return table;
}

void write_tables(const SweepTable& table, const fs::path& folder) {
  for (const auto& [name, entry] : Registry<TableWriter>::instance())
    Registry<TableWriter>::instance().create(name)->write(table, folder / name);
}

}  // namespace squeezebar
