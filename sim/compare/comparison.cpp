// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

namespace squeezebar {
namespace {

std::optional<double> ratio(std::optional<double> from, std::optional<double> to) {
  if (!from || !to || *from == 0.0) return std::nullopt;
  const double value = *to / *from;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

ComparedMetric row_of(const Metric& metric, const std::vector<std::optional<double>>& values) {
  ComparedMetric out{metric.group, metric.label, metric.name(), metric.unit_text(), {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    ComparedValue cell{values[i], std::nullopt, metric.text(values[i]), ""};
    if (i > 0) {
      cell.ratio = ratio(values[0], values[i]);
      cell.change = metric.change(values[0], values[i]);
    }
    out.values.push_back(std::move(cell));
  }
  return out;
}

std::vector<ComparedMetric> compare_metrics(const std::vector<StoredRun>& runs) {
  std::vector<ComparedMetric> out;
  for (const Metric& metric : metrics_of(runs)) {
    std::vector<std::optional<double>> values;
    for (const StoredRun& run : runs) values.push_back(value_of(metric, run));
    out.push_back(row_of(metric, values));
  }
  return out;
}

/// Layers of all runs: those of the baseline in its order, then what the others add.
class LayerIndex {
 public:
  explicit LayerIndex(const std::vector<StoredRun>& runs) {
    std::set<std::string> seen;
    for (const StoredRun& run : runs) {
      const std::size_t column = run.layers.column("layer").value();
      auto& records = records_.emplace_back();
      for (std::size_t i = 0; i < run.layers.records.size(); ++i) {
        const std::string& name = run.layers.records[i][column];
        records[name] = i;
        if (seen.insert(name).second) names_.push_back(name);
      }
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::optional<std::size_t> record(std::size_t run, const std::string& layer) const {
    const auto at = records_[run].find(layer);
    return at == records_[run].end() ? std::nullopt : std::optional(at->second);
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::map<std::string, std::size_t>> records_;  ///< [run]
};

LayerComparison compare_layers(const LayerMetric& metric, const std::vector<StoredRun>& runs,
                               const LayerIndex& index) {
  LayerComparison out{metric, {}};
  std::vector<std::optional<double>> totals(runs.size());
  for (const std::string& layer : index.names()) {
    std::vector<std::optional<double>> values(runs.size());
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const auto record = index.record(r, layer);
      if (record) values[r] = value_of(metric, runs[r], *record);
      if (values[r]) totals[r] = totals[r].value_or(0.0) + *values[r];
    }
    out.layers.push_back(row_of(metric.as_row(layer), values));
  }
  if (metric.sums) {
    Metric total = metric.as_row("all layers");
    total.group = "total";
    total.key = "total";
    out.layers.push_back(row_of(total, totals));
  }
  return out;
}

std::vector<ConfigChange> config_changes(const std::vector<StoredRun>& runs) {
  std::vector<std::string> keys;
  std::vector<std::map<std::string, std::string>> values;
  std::set<std::string> seen;
  for (const StoredRun& run : runs) {
    auto& of_run = values.emplace_back();
    for (const auto& [key, value] : run.config) {
      of_run[key] = value;
      if (seen.insert(key).second) keys.push_back(key);
    }
  }
  std::vector<ConfigChange> out;
  for (const std::string& key : keys) {
    ConfigChange change{key, {}};
    for (const auto& of_run : values) {
      const auto at = of_run.find(key);
      change.values.push_back(at == of_run.end() ? "" : at->second);
    }
    const bool same = std::all_of(change.values.begin(), change.values.end(),
                                  [&](const std::string& value) { return value == change.values[0]; });
    if (!same) out.push_back(std::move(change));
  }
  return out;
}

/// Figures that must be equal for the others to say something, with what it means that they are not.
struct Condition {
  const char* key;
  const char* warning;
};

constexpr Condition kConditions[] = {
    {"workload", "the runs are of different networks"},
    {"workload_hash", "the runs are of different weights or samples"},
    {"images", "the runs have different numbers of images: totals over all images cannot be compared"},
    {"seed", "the runs have different seeds"},
    {"function", "not all runs have cycles and energy"},
    {"signs", "the runs store signs in different ways, which changes how crossbars count"},
    {"synthetic", "the runs differ in what of the workload was drawn"},
    {"tool_version", "the runs were made by different versions of squeezebar"},
    {"program", "the runs were made by programs of different sources"},
};

/// The texts of a list; an empty one, or a key that the run's version did not know, is "no".
std::string list_text(const Figures& summary, const std::string& key) {
  std::string out;
  for (const std::string& index : summary.members(key))
    out += (out.empty() ? "" : "; ") + summary.text(key + "." + index);
  return out.empty() ? "no" : out;
}

std::vector<std::string> warnings_for(const std::vector<StoredRun>& runs) {
  std::vector<std::string> out;
  bool other_network = false;
  for (const Condition& condition : kConditions) {
    const std::string key = condition.key;
    std::vector<std::string> texts;
    for (const StoredRun& run : runs) {
      const Figure* figure = run.summary.find(key);
      texts.push_back(figure == nullptr ? list_text(run.summary, key) : figure->text);
    }
    if (std::all_of(texts.begin(), texts.end(), [&](const auto& text) { return text == texts[0]; })) continue;
    if (key == "workload") other_network = true;
    if (key == "workload_hash") {
      if (!other_network) out.emplace_back(condition.warning);
      continue;
    }
    std::string list;
    for (std::size_t i = 0; i < runs.size(); ++i)
      list += fmt::format("{}{}: {}", i == 0 ? "" : ", ", runs[i].name, texts[i]);
    out.push_back(fmt::format("{} ({})", condition.warning, list));
  }
  return out;
}

std::string description(const StoredRun& run) {
  const Figures& s = run.summary;
  return fmt::format("{}, {} images, {} mapping, {} signs", s.text("workload"), s.find("images")->text,
                     s.text("mapping_scheme"), s.text("signs"));
}

/// The last `parts` parts of a path.
std::string tail(const std::filesystem::path& folder, std::size_t parts) {
  std::vector<std::string> all;
  for (const auto& part : folder) {
    if (!part.empty()) all.push_back(part.string());
  }
  std::string out;
  for (std::size_t i = all.size() - std::min(parts, all.size()); i < all.size(); ++i)
    out += (out.empty() || out == "/" ? "" : "/") + all[i];
  return out;
}

}  // namespace

void name_runs(std::vector<StoredRun>& runs) {
  constexpr std::size_t kMostParts = 32;
  std::set<std::string> names;
  for (std::size_t parts = 1; parts <= kMostParts; ++parts) {
    names.clear();
    for (StoredRun& run : runs) {
      run.name = tail(std::filesystem::absolute(run.folder).lexically_normal(), parts);
      names.insert(run.name);
    }
    if (names.size() == runs.size()) return;
  }
  for (std::size_t i = 0; i < runs.size(); ++i)
    runs[i].name = fmt::format("{} ({})", tail(runs[i].folder, 1), i + 1);
}

Comparison compare_runs(const std::vector<StoredRun>& runs, const std::vector<LayerMetric>& layer_metrics) {
  Comparison out;
  for (const StoredRun& run : runs) {
    out.names.push_back(run.name);
    out.folders.push_back(run.folder.string());
    out.descriptions.push_back(description(run));
  }
  out.config = config_changes(runs);
  out.metrics = compare_metrics(runs);
  const LayerIndex index(runs);
  for (const LayerMetric& metric : layer_metrics) out.layers.push_back(compare_layers(metric, runs, index));
  out.warnings = warnings_for(runs);
  return out;
}

}  // namespace squeezebar
