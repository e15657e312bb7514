// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/compare/run_identity.h"
#include "sim/sweep/point_check.h"
#include "sim/sweep/points.h"
#include "sim/sweep/spec.h"

namespace squeezebar {

/// A column of a sweep's tables that tells the points apart.
struct AxisColumn {
  std::string name;
  std::vector<std::string> keys;  ///< of the config that it sets

  friend bool operator==(const AxisColumn&, const AxisColumn&) = default;
};

struct PlannedPoint {
  std::vector<std::string> labels;     ///< one for each column
  std::vector<std::string> overrides;  ///< "section.key=value"
  RunIdentity identity;
  std::string id;  ///< of `identity`; empty while the workload is missing
  std::string bundle;
  std::int64_t images = 0;
  std::string unfit{};  ///< why no chip of this kind can run it; empty: it can

  friend bool operator==(const PlannedPoint&, const PlannedPoint&) = default;
};

/// A bundle that must be made before its points can run.
struct MissingWorkload {
  std::string bundle;
  std::string recipe;  ///< the command
  std::size_t points = 0;
};

/// Every point of a sweep, checked.
struct Plan {
  std::string spec;  ///< its file
  std::string base;
  std::string tool_version;
  std::string program;  ///< that made it: digest of its sources
  std::vector<AxisColumn> columns;
  std::vector<PlannedPoint> points;      ///< point n stands at n - 1
  std::vector<MissingWorkload> missing;  ///< in the order of the points

  /// Indices of the points that have results of their own: the first of those that share a name.
  [[nodiscard]] std::vector<std::size_t> distinct() const;
  /// Indices of the points that do not fit.
  [[nodiscard]] std::vector<std::size_t> unfit() const;
  /// "point 734 (adc.bits=4, workload=p50)"
  [[nodiscard]] std::string name_of(std::size_t index) const;
};

/// What becomes of points that are read and do not fit: of their own, and where there are no others.
enum class UnfitPoints {
  refused,      ///< any of them is an error
  rows,         ///< they are rows of the table; an error if no other point is left
  rows_or_all,  ///< the same, also if no other point is left
};

/// Checks every point of the spec, on all cores. Points that are wrong go to `diagnostics`, which name them;
/// points that do not fit do so as `unfit_points` says.
Plan make_plan(const SweepSpec& spec, const SweepPoints& points, const std::string& tool_version,
               const PointCheck& check, UnfitPoints unfit_points, Diagnostics& diagnostics);

/// The plan as the file that a sweep's folder keeps, and back; what does not read goes to `diagnostics`.
std::string plan_json(const Plan& plan);
std::optional<Plan> parse_plan(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace squeezebar
