// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/parallel.h"
#include "sim/base/version.h"

namespace squeezebar {
namespace {

/// What is wrong with the points: a message that many share is told once, for the first of them.
class Faults {
 public:
  void add(std::size_t index, const Diagnostics& diagnostics) {
    for (const Diagnostic& one : diagnostics.sorted()) {
      auto [fault, is_new] = faults_.try_emplace(
          std::tuple(one.place.file, one.place.line, one.place.column, one.key, one.message), one, index, 0);
      ++std::get<2>(fault->second);
      if (is_new) order_.push_back(&fault->second);
    }
  }

  void report(const Plan& plan, Diagnostics& diagnostics) const {
    for (const Fault* fault : order_) {
      const auto& [one, first, count] = *fault;
      const std::string more = count > 1 ? fmt::format(" and {} more", count - 1) : "";
      const std::string message = fmt::format("{} [{}{}]", one.message, plan.name_of(first), more);
      if (one.severity == Severity::error) {
        diagnostics.error(one.place, one.key, message);
      } else {
        diagnostics.warning(one.place, one.key, message);
      }
    }
  }

 private:
  using Fault = std::tuple<Diagnostic, std::size_t, std::size_t>;  ///< what, first point, how many points
  std::map<std::tuple<std::string, int, int, std::string, std::string>, Fault> faults_;
  std::vector<const Fault*> order_;
};

std::vector<std::string> keys_of(const std::vector<AxisValue>& values) {
  std::set<std::string> keys;
  for (const AxisValue& value : values) {
    for (const ConfigOverride& setting : value.settings) keys.insert(setting.key);
  }
  return {keys.begin(), keys.end()};
}

std::vector<AxisColumn> columns_of(const SweepSpec& spec, const SweepPoints& points) {
  std::vector<AxisColumn> out;
  for (const Axis& axis : spec.axes) {
    // Columns that go together are keys, each of which sets itself.
    const bool together = axis.columns.size() > 1;
    for (const std::string& name : axis.columns)
      out.push_back({name, together ? std::vector<std::string>{name} : keys_of(axis.values)});
  }
  for (const SampledAxis& axis : spec.sample.axes)
    out.push_back({axis.name, axis.interval ? std::vector<std::string>{axis.name} : keys_of(axis.values)});
  if (out.size() < points.columns.size()) out.push_back({points.columns.back(), {"run.seed"}});
  return out;
}

void note_missing(const CheckedPoint& point, std::vector<MissingWorkload>& missing) {
  const auto known = std::find_if(missing.begin(), missing.end(),
                                  [&](const MissingWorkload& one) { return one.bundle == point.bundle; });
  if (known != missing.end()) {
    ++known->points;
  } else {
    missing.push_back({point.bundle, point.recipe, 1});
  }
}

/// Why a point does not fit, without its place, which is another one for each point.
std::string reason_of(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.sorted()) {
    if (one.severity == Severity::error) return one.key.empty() ? one.message : one.key + ": " + one.message;
  }
  return {};
}

struct Checked {
  CheckedPoint point;
  Diagnostics wrong;

  [[nodiscard]] bool is_unfit() const { return wrong.has_errors() && !point.is_misread; }
};

/// Whether all points fail for what is wrong with the base without any axis: no axis can be at fault.
bool is_fault_of_base(const SweepSpec& spec, const std::vector<Checked>& checked, const PointCheck& check) {
  Diagnostics in_base;
  check(spec.fixed, in_base);
  const std::string reason = reason_of(in_base);
  return !reason.empty() && std::all_of(checked.begin(), checked.end(), [&reason](const Checked& one) {
    return reason_of(one.wrong) == reason;
  });
}

/// Whether points that do not fit end the sweep.
bool refuses_unfit(const SweepSpec& spec, const std::vector<Checked>& checked, const PointCheck& check,
                   UnfitPoints unfit_points) {
  if (unfit_points == UnfitPoints::refused) return true;
  const bool is_all =
      std::all_of(checked.begin(), checked.end(), [](const Checked& one) { return one.is_unfit(); });
  return is_all && (unfit_points == UnfitPoints::rows || is_fault_of_base(spec, checked, check));
}

}  // namespace

std::vector<std::size_t> Plan::unfit() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].unfit.empty()) out.push_back(i);
  }
  return out;
}

std::vector<std::size_t> Plan::distinct() const {
  std::vector<std::size_t> out;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].id.empty() && seen.insert(points[i].id).second) out.push_back(i);
  }
  return out;
}

std::string Plan::name_of(std::size_t index) const {
  std::vector<std::string> settings;
  for (std::size_t i = 0; i < columns.size(); ++i)
    settings.push_back(columns[i].name + "=" + points[index].labels[i]);
  if (settings.empty()) return fmt::format("point {}", index + 1);
  return fmt::format("point {} ({})", index + 1, fmt::join(settings, ", "));
}

Plan make_plan(const SweepSpec& spec, const SweepPoints& points, const std::string& tool_version,
               const PointCheck& check, UnfitPoints unfit_points, Diagnostics& diagnostics) {
  Plan plan{.spec = spec.file,
            .base = spec.base,
            .tool_version = tool_version,
            .program = program_digest(),
            .columns = columns_of(spec, points),
            .points = {},
            .missing = {}};
  std::vector<Checked> checked(points.points.size());
  parallel_for(0, static_cast<int>(checked.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    checked[at].point = check(points.points[at].settings, checked[at].wrong);
  });
  const bool refuses = refuses_unfit(spec, checked, check, unfit_points);
  Faults faults;
  std::size_t unfit = 0;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    CheckedPoint& point = checked[i].point;
    const bool is_unfit = checked[i].is_unfit();
    if (is_unfit) ++unfit;
    if (is_unfit) point.identity = {};
    if (refuses || !is_unfit) faults.add(i, checked[i].wrong);
    const bool is_missing = !point.recipe.empty();
    if (is_missing) note_missing(point, plan.missing);
    std::string id = is_missing || is_unfit ? "" : point.identity.id();
    plan.points.push_back({points.points[i].labels, std::move(point.overrides), std::move(point.identity),
                           std::move(id), std::move(point.bundle), point.images,
                           is_unfit ? reason_of(checked[i].wrong) : ""});
  }
  faults.report(plan, diagnostics);
  if (refuses && unfit == checked.size() && unfit_points != UnfitPoints::refused)
    diagnostics.error({spec.file, 1, 1}, "axes",
                      fmt::format("every point is unfit ({} of {}); nothing is left to run", unfit, unfit));
  return plan;
}

}  // namespace squeezebar
