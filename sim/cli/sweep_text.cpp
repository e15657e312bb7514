// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/sweep_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "sim/base/units.h"
#include "sim/cli/progress.h"
#include "sim/report/number_text.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMostValues = 8;
constexpr std::size_t kMostReasons = 10;

/// A metric that a summary names the best point of.
struct Best {
  const char* column;
  const char* label;
  bool highest;
  Dimension dimension;
  bool is_fraction = false;  ///< shown in per cent
};
constexpr std::array kBest{Best{"accuracy_top1", "accuracy", true, Dimension::none, true},
                           Best{"energy_per_image_j", "energy per image", false, Dimension::energy},
                           Best{"latency_first_image_s", "latency, first image", false, Dimension::time},
                           Best{"throughput_images_per_s", "images per second", true, Dimension::none},
                           Best{"area_mm2", "area in mm2", false, Dimension::none}};

std::optional<std::size_t> column_of(const SweepTable& table, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::string settings_text(const SweepTable& table, const Words& row) {
  Words out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].role == ColumnRole::axis) out.push_back(table.columns[i].name + "=" + row[i]);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

/// The row with the best value of a metric; the first of several. Nothing if no point has one.
const Words* best_row(const SweepTable& table, std::size_t column, bool highest) {
  const Words* out = nullptr;
  double best = 0.0;
  for (const Words& row : table.rows) {
    const ParsedNumber value = parse_number(row[column]);
    if (!value.ok()) continue;
    if (out != nullptr && (highest ? value.value <= best : value.value >= best)) continue;
    out = &row;
    best = value.value;
  }
  return out;
}

std::string value_text(const Best& best, double value) {
  if (best.is_fraction) return fmt::format("{:.2f} %", value * 100);
  if (best.dimension == Dimension::none) return fmt::format("{:.4g}", value);
  return format_rounded(value, best.dimension);
}

std::string best_text(const SweepTable& table) {
  TextTable out({Align::left, Align::right, Align::left, Align::left});
  for (const Best& best : kBest) {
    const auto column = column_of(table, best.column);
    if (!column) continue;
    const Words* row = best_row(table, *column, best.highest);
    if (row == nullptr) continue;
    out.row({fmt::format("{} {}", best.highest ? "highest" : "lowest", best.label),
             value_text(best, parse_number((*row)[*column]).value), "point " + row->front(),
             settings_text(table, *row)});
  }
  return out.text("  ");
}

/// Rows of one status, each with its reason.
std::string reasons_text(const SweepTable& table, const std::string& status, const std::string& verb) {
  const auto state = column_of(table, "status");
  const auto reason = column_of(table, "reason");
  std::string out;
  std::size_t shown = 0;
  for (const Words& row : table.rows) {
    if (row[*state] != status) continue;
    if (++shown > kMostReasons) continue;
    out +=
        fmt::format("  point {} {} ({}): {}\n", row.front(), verb, settings_text(table, row), row[*reason]);
  }
  if (shown > kMostReasons)
    out += fmt::format("  ... and {} more, see the column 'reason'\n", shown - kMostReasons);
  return out;
}

/// The labels of a column, in the order in which they come.
Words values_of(const Plan& plan, std::size_t column) {
  Words out;
  std::set<std::string_view> seen;
  for (const PlannedPoint& point : plan.points) {
    if (seen.insert(point.labels[column]).second) out.push_back(point.labels[column]);
  }
  return out;
}

}  // namespace

std::string plan_text(const Plan& plan, std::size_t pending, std::optional<double> seconds) {
  TextTable axes({Align::left, Align::right, Align::left});
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    Words values = values_of(plan, i);
    const std::size_t count = values.size();
    if (count > kMostValues) values.resize(kMostValues);
    axes.row({plan.columns[i].name, std::to_string(count),
              fmt::format("{}{}", fmt::join(values, ", "), count > kMostValues ? ", ..." : "")});
  }
  std::string out = fmt::format("{}: {} on {}\n{}", plan.spec,
                                counted(static_cast<std::int64_t>(plan.points.size()), "point", "points"),
                                plan.base, axes.text("  "));
  out += fmt::format("to compute: {}", count_text(std::uint64_t{pending}));
  if (seconds) out += fmt::format(", about {} on one core (probed with few images)", duration_text(*seconds));
  std::size_t blocked = 0;
  for (const MissingWorkload& one : plan.missing) blocked += one.points;
  if (blocked > 0)
    out += fmt::format(", and {} whose bundles are missing", count_text(std::uint64_t{blocked}));
  out += "\n";
  for (const MissingWorkload& one : plan.missing)
    out += fmt::format("missing: {} ({}), made by: {}\n", one.bundle,
                       counted(static_cast<std::int64_t>(one.points), "point", "points"), one.recipe);
  const std::vector<std::size_t> unfit = plan.unfit();
  if (!unfit.empty())
    out += fmt::format("unfit, rows without results: {}\n", count_text(std::uint64_t{unfit.size()}));
  for (std::size_t i = 0; i < std::min(unfit.size(), kMostReasons); ++i)
    out += fmt::format("  {}: {}\n", plan.name_of(unfit[i]), plan.points[unfit[i]].unfit);
  if (unfit.size() > kMostReasons) out += fmt::format("  ... and {} more\n", unfit.size() - kMostReasons);
  return out;
}

std::string sweep_text(const SweepTable& table) {
  std::string out = fmt::format("{}: {} of {} points done", table.spec, table.done, table.rows.size());
  if (table.failed > 0) out += fmt::format(", {} failed", table.failed);
  if (table.unfit > 0) out += fmt::format(", {} unfit", table.unfit);
  if (table.missing > 0) out += fmt::format(", {} not computed yet", table.missing);
  return out + "\n" + best_text(table) + reasons_text(table, "failed", "failed") +
         reasons_text(table, "unfit", "is unfit");
}

std::string sweep_json(const SweepTable& table) {
  using Json = nlohmann::ordered_json;
  Json out{{"spec", table.spec},     {"points", table.rows.size()}, {"done", table.done},
           {"failed", table.failed}, {"unfit", table.unfit},        {"missing", table.missing},
           {"best", Json::object()}, {"failures", Json::array()},   {"unfit_points", Json::array()}};
  for (const Best& best : kBest) {
    const auto column = column_of(table, best.column);
    const Words* row = column ? best_row(table, *column, best.highest) : nullptr;
    if (row == nullptr) continue;
    out["best"][best.column] = {{"point", std::stoll(row->front())},
                                {"value", parse_number((*row)[*column]).value}};
  }
  const auto state = column_of(table, "status");
  const auto reason = column_of(table, "reason");
  for (const Words& row : table.rows) {
    if (row[*state] == "failed" || row[*state] == "unfit")
      out[row[*state] == "failed" ? "failures" : "unfit_points"].push_back(
          {{"point", std::stoll(row.front())}, {"reason", row[*reason]}});
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void tell_faults(const Plan& plan, const std::vector<PointFault>& faults, const std::string& what_now,
                 const Console& console) {
  constexpr std::size_t kNamed = 5;
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < std::min(faults.size(), kNamed); ++i)
    diagnostics.warning({}, plan.name_of(faults[i].point), fmt::format("{}: {}", faults[i].why, what_now));
  if (faults.size() > kNamed)
    diagnostics.warning({}, "", fmt::format("{} more points likewise", faults.size() - kNamed));
  console.warnings(diagnostics);
}

}  // namespace squeezebar
