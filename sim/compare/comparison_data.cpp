// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "sim/base/units.h"
#include "sim/compare/comparison_text.h"
#include "sim/report/csv.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

Json optional(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json rows_json(const std::vector<ComparedMetric>& rows, const char* name) {
  Json out = Json::array();
  for (const ComparedMetric& row : rows) {
    Json values = Json::array();
    Json ratios = Json::array();
    for (const ComparedValue& cell : row.values) {
      values.push_back(optional(cell.value));
      ratios.push_back(optional(cell.ratio));
    }
    out.push_back({{name, row.key}, {"unit", row.unit}, {"values", values}, {"ratios", ratios}});
  }
  return out;
}

Json differences_json(const std::vector<ResultDifference>& differences) {
  Json out = Json::array();
  for (const ResultDifference& d : differences) {
    out.push_back(
        {{"run", d.run}, {"file", d.file}, {"key", d.key}, {"baseline", d.baseline}, {"value", d.value}});
  }
  return out;
}

void add_field(std::string& record, const std::string& text) {
  if (!record.empty() && record.back() != '\n') record += ',';
  record += csv_field(text);
}

void add_number(std::string& record, const std::optional<double>& value) {
  record += ',';
  if (value) record += format_number(*value);
}

/// Records of one metric over layers, or of all metrics when it is empty.
std::string rows_csv(const std::string& metric, const std::vector<ComparedMetric>& rows) {
  std::string out;
  for (const ComparedMetric& row : rows) {
    std::string record;
    add_field(record, metric.empty() ? row.key : metric);
    add_field(record, metric.empty() ? std::string() : row.key);
    add_field(record, row.unit);
    for (const ComparedValue& cell : row.values) add_number(record, cell.value);
    for (std::size_t i = 1; i < row.values.size(); ++i) add_number(record, row.values[i].ratio);
    out += record;
    out += '\n';
  }
  return out;
}

}  // namespace

std::string comparison_json(const Comparison& c, const std::vector<ResultDifference>* differences) {
  Json out;
  out["runs"] = Json::array();
  for (std::size_t i = 0; i < c.names.size(); ++i)
    out["runs"].push_back({{"name", c.names[i]}, {"folder", c.folders[i]}});
  out["warnings"] = c.warnings;
  out["config"] = Json::array();
  for (const ConfigChange& change : c.config)
    out["config"].push_back({{"key", change.key}, {"values", change.values}});
  out["metrics"] = rows_json(c.metrics, "metric");
  if (!c.layers.empty()) {
    out["layers"] = Json::object();
    for (const LayerComparison& one : c.layers)
      out["layers"][one.metric.name] = rows_json(one.layers, "layer");
  }
  if (differences != nullptr) {
    out["equal"] = differences->empty();
    out["differences"] = differences_json(*differences);
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string comparison_csv(const Comparison& c) {
  std::string out = "metric,layer,unit";
  for (const std::string& name : c.names) add_field(out, name);
  for (std::size_t i = 1; i < c.names.size(); ++i) add_field(out, c.names[i] + "/" + c.names[0]);
  out += '\n';
  out += rows_csv("", c.metrics);
  for (const LayerComparison& one : c.layers) out += rows_csv(one.metric.name, one.layers);
  return out;
}

}  // namespace squeezebar
