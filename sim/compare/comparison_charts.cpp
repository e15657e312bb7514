// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison_charts.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/report/svg_chart.h"

namespace squeezebar {
namespace {

const std::string kComponents = "energy_by_component_j.";

/// Colour of a run; many runs share the grey one.
int color_of(std::size_t index) { return std::min(static_cast<int>(index), kOtherColor); }

const ComparedMetric* find(const Comparison& c, const std::string& key) {
  const auto at = std::find_if(c.metrics.begin(), c.metrics.end(),
                               [&](const ComparedMetric& metric) { return metric.key == key; });
  return at == c.metrics.end() ? nullptr : &*at;
}

/// "adc" of "energy_by_component_j.adc/images", or empty.
std::string component_of(const std::string& key) {
  if (key.rfind(kComponents, 0) != 0) return {};
  return key.substr(kComponents.size(), key.find('/') - kComponents.size());
}

bool something_to_draw(const std::vector<Bar>& bars) {
  return std::any_of(bars.begin(), bars.end(), [](const Bar& bar) {
    return std::any_of(bar.parts.begin(), bar.parts.end(),
                       [](const BarPart& part) { return part.value > 0.0; });
  });
}

std::string with_change(const ComparedValue& cell) {
  return cell.change.empty() ? cell.text : fmt::format("{} ({})", cell.text, cell.change);
}

std::string legend_of_runs(const Comparison& c) {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < c.names.size(); ++i) entries.push_back({c.names[i], color_of(i)});
  return legend(entries);
}

}  // namespace

std::string compared_energy_chart(const Comparison& c) {
  const ComparedMetric* whole = find(c, "energy_j/images");
  if (whole == nullptr) return {};
  std::vector<LegendEntry> entries;
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < c.names.size(); ++i)
    bars.push_back({c.names[i], with_change(whole->values[i]), {}});
  for (const ComparedMetric& metric : c.metrics) {
    const std::string component = component_of(metric.key);
    if (component.empty()) continue;
    const int color = color_of(entries.size());
    if (color < kOtherColor) entries.push_back({component, color});
    for (std::size_t i = 0; i < bars.size(); ++i) {
      bars[i].parts.push_back({metric.values[i].value.value_or(0.0), color,
                               fmt::format("{}, {}: {}", c.names[i], component, metric.values[i].text)});
    }
  }
  if (!something_to_draw(bars)) return {};
  const bool has_other = std::any_of(bars[0].parts.begin(), bars[0].parts.end(),
                                     [](const BarPart& part) { return part.color == kOtherColor; });
  if (has_other) entries.push_back({"other", kOtherColor});
  return legend(entries) + stacked_bars("Energy per image", bars);
}

std::string compared_metric_chart(const Comparison& c, const std::string& key) {
  const ComparedMetric* metric = find(c, key);
  if (metric == nullptr) return {};
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < c.names.size(); ++i) {
    const std::string text = with_change(metric->values[i]);
    bars.push_back(
        {c.names[i],
         text,
         {{metric->values[i].value.value_or(0.0), color_of(i), fmt::format("{}: {}", c.names[i], text)}}});
  }
  return something_to_draw(bars) ? stacked_bars(metric->label, bars) : "";
}

std::string compared_layers_chart(const Comparison& c, const LayerComparison& layers) {
  std::vector<Bar> bars;
  for (const ComparedMetric& layer : layers.layers) {
    if (layer.group == "total") continue;
    std::vector<Bar> of_layer;
    for (std::size_t i = 0; i < c.names.size(); ++i) {
      const std::string text = with_change(layer.values[i]);
      of_layer.push_back({i == 0 ? layer.label : "",
                          text,
                          {{layer.values[i].value.value_or(0.0), color_of(i),
                            fmt::format("{}, {}: {}", layer.label, c.names[i], text)}}});
    }
    if (something_to_draw(of_layer)) bars.insert(bars.end(), of_layer.begin(), of_layer.end());
  }
  return bars.empty() ? "" : legend_of_runs(c) + stacked_bars(layers.metric.label, bars);
}

}  // namespace squeezebar
