// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/run_identity.h"
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
  /// "point 734 (adc.bits=4, workload=p50)"
  [[nodiscard]] std::string name_of(std::size_t index) const;
};

/// Checks every point of the spec, on all cores. Points that are wrong go to `diagnostics`, which name them.
Plan make_plan(const SweepSpec& spec, const SweepPoints& points, const std::string& tool_version,
               const PointCheck& check, Diagnostics& diagnostics);

/// The plan as the file that a sweep's folder keeps, and back; what does not read goes to `diagnostics`.
std::string plan_json(const Plan& plan);
std::optional<Plan> parse_plan(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace squeezebar
