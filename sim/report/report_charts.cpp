// SPDX-License-Identifier: Apache-2.0
#include "sim/report/report_charts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/units.h"
#include "sim/report/derived.h"
#include "sim/report/layer_energy.h"
#include "sim/report/number_text.h"
#include "sim/report/svg_chart.h"

namespace squeezebar {
namespace {

std::string joules(double value) { return format_rounded(value, Dimension::energy); }

std::string share_text(double part, double whole) {
  const auto share = fraction_of(part, whole);
  return share ? " (" + percent_text(*share) + ")" : "";
}

/// The components that take most energy have a colour of their own, the others share one.
std::vector<std::string> colored_components(const RunResult& result) {
  std::vector<ComponentEnergy> parts = result.energy;
  std::erase_if(parts, [](const ComponentEnergy& part) { return !(part.total_j() > 0.0); });
  std::stable_sort(parts.begin(), parts.end(), [](const ComponentEnergy& a, const ComponentEnergy& b) {
    return a.total_j() > b.total_j();
  });
  std::vector<std::string> out;
  for (const ComponentEnergy& part : parts) {
    if (out.size() < static_cast<std::size_t>(kChartColors)) out.push_back(part.component);
  }
  return out;
}

/// Parts of a bar from joules by component, in the order of the legend; the rest is "other".
template <class Joules>
Bar component_bar(const std::string& label, const RunResult& result, const std::vector<std::string>& colored,
                  Joules joules_of) {
  Bar bar{label, "", {}};
  double all = 0.0;
  double named = 0.0;
  for (const ComponentEnergy& part : result.energy) all += joules_of(part.component);
  for (std::size_t i = 0; i < colored.size(); ++i) {
    const double value = joules_of(colored[i]);
    named += value;
    bar.parts.push_back(
        {value, static_cast<int>(i),
         fmt::format("{}, {}: {}{}", label, colored[i], joules(value), share_text(value, all))});
  }
  // What rounding leaves is no component.
  const double other = all - named;
  if (other > 1e-12 * all) {
    bar.parts.push_back(
        {other, kOtherColor, fmt::format("{}, other: {}{}", label, joules(other), share_text(other, all))});
  }
  bar.value = joules(all);
  return bar;
}

bool uses_other_color(const std::vector<Bar>& bars) {
  return std::any_of(bars.begin(), bars.end(), [](const Bar& bar) {
    return std::any_of(bar.parts.begin(), bar.parts.end(),
                       [](const BarPart& part) { return part.color == kOtherColor; });
  });
}

std::string component_legend(const std::vector<std::string>& colored, bool with_other) {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < colored.size(); ++i) entries.push_back({colored[i], static_cast<int>(i)});
  if (with_other) entries.push_back({"other", kOtherColor});
  return legend(entries);
}

double static_j(const RunResult& result, const std::string& component) {
  for (const ComponentEnergy& part : result.energy) {
    if (part.component == component) return part.static_j;
  }
  return 0.0;
}

}  // namespace

std::string energy_by_component_chart(const RunResult& result) {
  if (!result.energy_j) return {};
  constexpr int kDynamic = 0;
  constexpr int kStatic = 1;
  std::vector<ComponentEnergy> parts = result.energy;
  std::stable_sort(parts.begin(), parts.end(), [](const ComponentEnergy& a, const ComponentEnergy& b) {
    return a.total_j() > b.total_j();
  });
  std::vector<Bar> bars;
  for (const ComponentEnergy& part : parts) {
    if (!(part.total_j() > 0.0)) continue;
    bars.push_back(
        {part.component,
         joules(part.total_j()) + share_text(part.total_j(), *result.energy_j),
         {{part.dynamic_j, kDynamic, fmt::format("{}, actions: {}", part.component, joules(part.dynamic_j))},
          {part.static_j, kStatic, fmt::format("{}, leakage: {}", part.component, joules(part.static_j))}}});
  }
  if (bars.empty()) return {};
  return legend({{"actions", kDynamic}, {"leakage and constant power", kStatic}}) +
         stacked_bars("Energy by component", bars);
}

std::string energy_by_layer_chart(const RunResult& result) {
  if (!result.energy_j || result.layers.empty()) return {};
  const std::vector<std::string> colored = colored_components(result);
  std::vector<Bar> bars;
  for (const LayerResult& layer : result.layers) {
    bars.push_back(component_bar(layer.name, result, colored, [&layer](const std::string& name) {
      return dynamic_energy_j(layer, name);
    }));
  }
  if (derive(result).static_j > 0.0) {
    bars.push_back(component_bar("leakage (whole chip)", result, colored,
                                 [&result](const std::string& name) { return static_j(result, name); }));
  }
  return component_legend(colored, uses_other_color(bars)) + stacked_bars("Energy by layer", bars);
}

std::string layer_latency_chart(const RunResult& result) {
  if (!result.latency_s) return {};
  std::vector<Bar> bars;
  for (const LayerResult& layer : result.layers) {
    const std::string text = format_rounded(layer.latency_s, Dimension::time);
    bars.push_back({layer.name, text, {{layer.latency_s, 0, layer.name + ": " + text}}});
  }
  return bars.empty()
             ? ""
             : stacked_bars("Time from a layer's first wave to its last result", bars, *result.latency_s);
}

std::string lane_cycles_chart(const RunResult& result) {
  static constexpr std::array kNames{"busy", "stalled: input", "stalled: partial sums", "stalled: output",
                                     "idle"};
  static constexpr std::array kColors{2, 3, 5, 6, kOtherColor};
  std::vector<Bar> bars;
  for (const LayerResult& layer : result.layers) {
    const LaneTime& c = layer.cycles;
    if (c.total() <= 0) continue;
    const double total = static_cast<double>(c.total());
    const std::array values{c.busy, c.stall_input, c.stall_partial_sum, c.stall_output, c.idle};
    Bar bar{layer.name, percent_text(static_cast<double>(c.busy) / total) + " busy", {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double share = static_cast<double>(values[i]) / total;
      bar.parts.push_back({share, kColors[i],
                           fmt::format("{}, {}: {} cycles ({})", layer.name, kNames[i], count_text(values[i]),
                                       percent_text(share))});
    }
    bars.push_back(std::move(bar));
  }
  if (bars.empty()) return {};
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < kNames.size(); ++i) entries.push_back({kNames[i], kColors[i]});
  return legend(entries) + stacked_bars("Row groups: busy, stalled and idle time", bars, 1.0);
}

std::string adc_bits_chart(const RunResult& result) {
  std::vector<Bar> bars;
  for (const auto& [bits, conversions] : result.adc_bits_histogram) {
    if (conversions == 0) continue;
    const std::string label = bits == 1 ? "1 bit" : fmt::format("{} bits", bits);
    const std::string text =
        count_text(conversions) +
        share_text(static_cast<double>(conversions), static_cast<double>(result.adc_conversions));
    bars.push_back({label, text, {{static_cast<double>(conversions), 4, label + ": " + text}}});
  }
  return bars.empty() ? "" : stacked_bars("Conversions by resolution", bars);
}

std::string area_chart(const RunResult& result) {
  std::vector<std::pair<std::string, double>> parts = result.area_by_component_mm2;
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<Bar> bars;
  for (const auto& [component, area] : parts) {
    if (!(area > 0.0)) continue;
    const std::string text = rounded_text(area) + " mm\u00b2" + share_text(area, result.area_mm2);
    bars.push_back({component, text, {{area, 4, component + ": " + text}}});
  }
  return bars.empty() ? "" : stacked_bars("Area by component", bars);
}

}  // namespace squeezebar
