// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "sim/compare/metric.h"

namespace squeezebar {
namespace {

std::vector<LayerMetric> named_metrics() {
  using enum FigureStyle;
  return {
      {"crossbars", "crossbars allocated", {"crossbars"}, count, Dimension::none, false, true},
      {"cycles",
       "cycles from a layer's first wave to its last result",
       {"latency_s"},
       count,
       Dimension::none,
       true,
       false},
      {"stalls",
       "stall cycles, all causes",
       {"stall_input_cycles", "stall_partial_sum_cycles", "stall_output_cycles"},
       count,
       Dimension::none,
       false,
       true},
      {"energy", "energy of counted actions", {"energy_j"}, quantity, Dimension::energy, false, true},
      {"latency",
       "time from a layer's first wave to its last result",
       {"latency_s"},
       quantity,
       Dimension::time,
       false,
       false},
      {"conversions", "ADC conversions", {"adc_conversions"}, count, Dimension::none, false, true},
      {"clipped", "clipped conversions", {"adc_clipped"}, count, Dimension::none, false, true},
  };
}

/// Columns of layers.csv whose sum over layers is no figure of the network.
constexpr std::array<std::string_view, 7> kNoSum{
    "rows",        "columns", "latency_s", "replicas_max", "tile_load_max_cycles", "tile_load_mean_cycles",
    "weight_error"};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// How a column is written, from the unit at the end of its name.
LayerMetric of_column(const std::string& column) {
  LayerMetric out;
  out.name = column;
  out.label = column;
  out.columns = {column};
  out.sums = std::find(kNoSum.begin(), kNoSum.end(), column) == kNoSum.end();
  if (ends_with(column, "_j")) {
    out.style = FigureStyle::quantity;
    out.dimension = Dimension::energy;
  } else if (ends_with(column, "_s")) {
    out.style = FigureStyle::quantity;
    out.dimension = Dimension::time;
  } else if (column == "weight_error") {
    out.style = FigureStyle::share;
  }
  return out;
}

bool has_column(const std::vector<StoredRun>& runs, const std::string& column) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const StoredRun& run) { return run.layers.column(column).has_value(); });
}

/// The metric itself if its columns hold numbers wherever they are; an empty field is no number but fine.
LayerMetric checked(LayerMetric metric, const std::vector<StoredRun>& runs) {
  for (const StoredRun& run : runs) {
    for (const std::string& name : metric.columns) {
      const auto column = run.layers.column(name);
      if (!column) continue;
      for (std::size_t i = 0; i < run.layers.records.size(); ++i) {
        const std::string& field = run.layers.records[i][*column];
        if (field.empty() || parse_number(field).ok()) continue;
        throw UserError(Place{run.layers.file, run.layers.lines[i], 0}, name,
                        fmt::format("'{}' is not a number: this column cannot be compared", field));
      }
    }
  }
  return metric;
}

}  // namespace

Metric LayerMetric::as_row(const std::string& layer) const { return {name, layer, layer, style, dimension}; }

std::vector<std::string> layer_metric_names() {
  std::vector<std::string> out;
  for (const LayerMetric& metric : named_metrics()) out.push_back(metric.name);
  return out;
}

LayerMetric find_layer_metric(const std::string& name, const std::vector<StoredRun>& runs) {
  for (LayerMetric& metric : named_metrics()) {
    if (metric.name == name) return checked(std::move(metric), runs);
  }
  if (has_column(runs, name)) return checked(of_column(name), runs);
  std::vector<std::string> known = layer_metric_names();
  for (const StoredRun& run : runs)
    known.insert(known.end(), run.layers.columns.begin(), run.layers.columns.end());
  throw UserError(Place{"squeezebar compare", 0, 0}, "--layers",
                  fmt::format("there is no figure '{}' of a layer{} (the columns of layers.csv, and {})",
                              name, did_you_mean(name, known), join_names(layer_metric_names())));
}

std::optional<double> value_of(const LayerMetric& metric, const StoredRun& run, std::size_t record) {
  std::optional<double> sum;
  for (const std::string& name : metric.columns) {
    const auto column = run.layers.column(name);
    if (!column) return std::nullopt;
    const ParsedNumber number = parse_number(run.layers.records[record][*column]);
    if (!number.ok()) return std::nullopt;
    sum = sum.value_or(0.0) + number.value;
  }
  if (sum && metric.in_clock_cycles) return std::round(*sum * run.summary.number("clock_hz").value_or(0.0));
  return sum;
}

}  // namespace squeezebar
