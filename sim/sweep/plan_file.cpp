// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/document.h"
#include "sim/sweep/plan.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 2;

Json point_json(const PlannedPoint& point) {
  Json out{{"labels", point.labels},
           {"set", point.overrides},
           {"bundle", point.bundle},
           {"images", point.images},
           {"identity",
            {point.identity.accounting, point.identity.timing, point.identity.values, point.identity.workload,
             point.identity.tool_version}}};
  if (!point.unfit.empty()) out["unfit"] = point.unfit;
  return out;
}

PlannedPoint read_point(const Json& json, const Plan& plan) {
  PlannedPoint out;
  out.labels = json.at("labels").get<std::vector<std::string>>();
  out.overrides = json.at("set").get<std::vector<std::string>>();
  out.bundle = json.at("bundle").get<std::string>();
  out.images = json.at("images").get<std::int64_t>();
  out.unfit = json.value("unfit", "");
  const auto parts = json.at("identity").get<std::array<std::string, 5>>();
  out.identity = {parts[0], parts[1], parts[2], parts[3], parts[4], parts[2].empty() ? "" : plan.program};
  if (!out.identity.values.empty()) out.id = out.identity.id();
  if (out.labels.size() != plan.columns.size())
    throw std::invalid_argument("a point has not a label for each column");
  return out;
}

Plan read_plan(const Json& json) {
  if (json.at("schema_version").get<int>() != kSchemaVersion)
    throw std::invalid_argument("it is of another version of this program");
  Plan out;
  out.spec = json.at("spec").get<std::string>();
  out.base = json.at("base").get<std::string>();
  out.tool_version = json.at("tool_version").get<std::string>();
  out.program = json.at("program").get<std::string>();
  for (const Json& column : json.at("columns"))
    out.columns.push_back(
        {column.at("name").get<std::string>(), column.at("keys").get<std::vector<std::string>>()});
  for (const Json& point : json.at("points")) out.points.push_back(read_point(point, out));
  for (const Json& one : json.at("missing")) {
    out.missing.push_back({one.at("bundle").get<std::string>(), one.at("recipe").get<std::string>(),
                           one.at("points").get<std::size_t>()});
  }
  return out;
}

}  // namespace

std::string plan_json(const Plan& plan) {
  Json columns = Json::array();
  for (const AxisColumn& column : plan.columns)
    columns.push_back({{"name", column.name}, {"keys", column.keys}});
  Json missing = Json::array();
  for (const MissingWorkload& one : plan.missing)
    missing.push_back({{"bundle", one.bundle}, {"recipe", one.recipe}, {"points", one.points}});
  Json out{{"schema_version", kSchemaVersion},
           {"tool_version", plan.tool_version},
           {"program", plan.program},
           {"spec", plan.spec},
           {"base", plan.base},
           {"columns", std::move(columns)},
           {"missing", std::move(missing)},
           {"points", Json::array()}};
  for (const PlannedPoint& point : plan.points) out["points"].push_back(point_json(point));
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Plan> parse_plan(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  constexpr const char* kRemedy = "run 'squeezebar sweep' with the spec again";
  const std::optional<Json> json =
      parse_json_object(text, file, "is no plan of a sweep", kRemedy, diagnostics);
  if (!json) return std::nullopt;
  try {
    return read_plan(*json);
  } catch (const std::exception& error) {
    diagnostics.error({file, 0, 0}, "", fmt::format("is no plan of a sweep ({}); {}", error.what(), kRemedy));
    return std::nullopt;
  }
}

}  // namespace squeezebar
