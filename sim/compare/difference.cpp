// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/difference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "sim/base/units.h"

namespace squeezebar {
namespace {

/// Keys of summary.json, or the objects they are in, that tell what was run.
constexpr std::array<std::string_view, 17> kDescriptions{
    "schema_version", "tool_version",   "config_hash", "seed",
    "workload",       "workload_hash",  "schedule",    "function",
    "devices",        "mapping_scheme", "signs",       "adc_model",
    "notes",          "synthetic",      "adc_range",   "calibration_hash",
    "program"};

bool is_result(std::string_view key) {
  const std::string_view first = key.substr(0, key.find('.'));
  return std::find(kDescriptions.begin(), kDescriptions.end(), first) == kDescriptions.end();
}

bool same(const std::string& a, const std::string& b, double tolerance) {
  if (a == b) return true;
  const ParsedNumber x = parse_number(a);
  const ParsedNumber y = parse_number(b);
  if (!x.ok() || !y.ok()) return false;
  return std::abs(x.value - y.value) <= tolerance * std::max(std::abs(x.value), std::abs(y.value));
}

/// Results by key, and the keys in the order of the file.
struct Results {
  std::vector<std::string> keys;
  std::map<std::string, std::string> values;

  void add(const std::string& key, const std::string& value) {
    if (values.try_emplace(key, value).second) keys.push_back(key);
  }
};

Results results_of(const Figures& summary) {
  Results out;
  for (const Figure& figure : summary.all()) {
    if (is_result(figure.key)) out.add(figure.key, figure.text);
  }
  return out;
}

/// Fields under the texts that name their record, joined by dots.
Results results_of(const CsvTable& table, const std::vector<std::string_view>& names) {
  Results out;
  std::set<std::size_t> naming;
  for (const std::string_view name : names) {
    if (const auto column = table.column(name)) naming.insert(*column);
  }
  for (const auto& record : table.records) {
    std::string prefix;
    for (const std::size_t column : naming) prefix += record[column] + ".";
    for (std::size_t c = 0; c < record.size(); ++c) {
      if (naming.count(c) == 0) out.add(prefix + table.columns[c], record[c]);
    }
  }
  return out;
}

void compare(const std::string& run, const std::string& file, const Results& baseline, const Results& other,
             double tolerance, std::vector<ResultDifference>& out) {
  for (const std::string& key : baseline.keys) {
    const auto at = other.values.find(key);
    const std::string& expected = baseline.values.at(key);
    if (at == other.values.end()) {
      out.push_back({run, file, key, expected, ""});
    } else if (!same(expected, at->second, tolerance)) {
      out.push_back({run, file, key, expected, at->second});
    }
  }
  for (const std::string& key : other.keys) {
    if (baseline.values.count(key) == 0) out.push_back({run, file, key, "", other.values.at(key)});
  }
}

}  // namespace

std::vector<ResultDifference> differences(const std::vector<StoredRun>& runs, double tolerance) {
  std::vector<ResultDifference> out;
  const std::vector<std::string_view> layer_names{"layer"};
  const std::vector<std::string_view> energy_names{"component", "layer", "action"};
  const Results summary = results_of(runs[0].summary);
  const Results layers = results_of(runs[0].layers, layer_names);
  const Results energy = results_of(runs[0].energy, energy_names);
  for (std::size_t i = 1; i < runs.size(); ++i) {
    compare(runs[i].name, "summary.json", summary, results_of(runs[i].summary), tolerance, out);
    compare(runs[i].name, "layers.csv", layers, results_of(runs[i].layers, layer_names), tolerance, out);
    compare(runs[i].name, "energy.csv", energy, results_of(runs[i].energy, energy_names), tolerance, out);
  }
  return out;
}

}  // namespace squeezebar
