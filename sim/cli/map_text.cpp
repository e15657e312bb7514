// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "sim/cli/map_output.h"
#include "sim/compile/hardware.h"
#include "sim/report/adc_saving_text.h"
#include "sim/report/number_text.h"
#include "sim/report/summary_text.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

constexpr const char* kNone = "\u2013";  // en dash: the layer cannot be mapped so
constexpr auto kLeft = Align::left;
constexpr auto kRight = Align::right;

using Cells = std::vector<std::string>;

/// Squeezing every group, whether it wins or not, has its totals alone.
bool in_layer_tables(const MappingStep& step) { return step.squeeze.policy != SqueezePolicy::all; }

/// Two lines of headings over the columns of the steps.
std::pair<std::string, std::string> heading(const MappingStep& step) {
  const bool first_degree = step.squeeze.degree == 1;
  const std::string degree =
      step.squeeze.policy == SqueezePolicy::automatic ? "auto" : fmt::format("D={}", step.squeeze.degree);
  if (step.name == "conventional") return {"conven-", "tional"};
  if (step.name == "configured") return {"con-", "figured"};
  if (step.name == "sliced") return {"", "sliced"};
  return {first_degree ? step.name : "", degree};
}

std::string total_text(const std::optional<PlaneCounts>& counts) {
  return counts ? count_text(counts->total()) : kNone;
}

std::string layers_text(const MappingSteps& m) {
  std::vector<Align> columns{kLeft, kRight};
  Cells upper{"", "rows x"};
  Cells lower{"layer", "columns"};
  for (const MappingStep& step : m.steps) {
    if (!in_layer_tables(step)) continue;
    columns.push_back(kRight);
    const auto [first, second] = heading(step);
    upper.push_back(first);
    lower.push_back(second);
  }
  columns.push_back(kRight);
  upper.emplace_back("ADC");
  lower.emplace_back("bits");
  TextTable table(columns);
  table.row(upper);
  table.row(lower);
  table.rule();
  int most_bits = 0;
  int most_conv_bits = 0;
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    const CountedLayer& layer = m.layers[i];
    Cells cells{layer.name, fmt::format("{} x {}", layer.rows, layer.columns)};
    for (const MappingStep& step : m.steps) {
      if (in_layer_tables(step)) cells.push_back(total_text(step.layers[i]));
    }
    cells.push_back(std::to_string(layer.lossless_adc_bits));
    most_bits = std::max(most_bits, layer.lossless_adc_bits);
    if (layer.is_convolution) most_conv_bits = std::max(most_conv_bits, layer.lossless_adc_bits);
    table.row(std::move(cells));
  }
  table.rule();
  for (const bool conv_only : {true, false}) {
    Cells cells{conv_only ? "convolutions" : "all layers", ""};
    for (const MappingStep& step : m.steps) {
      if (in_layer_tables(step)) cells.push_back(total_text(step.total(m.layers, conv_only)));
    }
    cells.push_back(std::to_string(conv_only ? most_conv_bits : most_bits));
    table.row(std::move(cells));
  }
  return table.text();
}

std::string share_of_sliced(double crossbars, std::int64_t sliced) {
  const auto ratio = fraction_of(crossbars, static_cast<double>(sliced));
  return ratio ? fmt::format("{:.3f}", *ratio) : kNone;
}

std::string error_text(const PlaneCounts& counts) {
  return counts.error.squared_error == 0 ? "0" : percent_text(counts.error.relative());
}

/// Row of a crossbar for every bit plane, zeros or not.
void add_dense_row(TextTable& table, const MappingSteps& m, std::int64_t sliced) {
  std::int64_t conv = 0;
  std::int64_t all = 0;
  for (const CountedLayer& layer : m.layers) {
    all += layer.dense_sliced;
    if (layer.is_convolution) conv += layer.dense_sliced;
  }
  table.row({"sliced, empty ones kept", count_text(conv), count_text(all),
             share_of_sliced(static_cast<double>(all), sliced)});
}

std::string steps_text(const MappingSteps& m) {
  TextTable table({kLeft, kRight, kRight, kRight, kRight, kRight, kRight, kRight});
  table.row({"", "crossbars", "", "all /", "row groups", "", "bit-cycles", "weight"});
  table.row({"step", "conv", "all", "sliced", "run", "squeezed", "of a wave", "error"});
  table.rule();
  std::int64_t sliced = 0;
  for (const MappingStep& step : m.steps) {
    if (step.name != "sliced") continue;
    if (const auto total = step.total(m.layers, false)) sliced = total->total();
  }
  for (const MappingStep& step : m.steps) {
    if (step.name == "sliced") add_dense_row(table, m, sliced);
    const auto all = step.total(m.layers, false);
    const auto conv = step.total(m.layers, true);
    if (!all) {
      table.row({step_title(step), total_text(conv), kNone});
      continue;
    }
    table.row({step_title(step), total_text(conv), total_text(all),
               share_of_sliced(static_cast<double>(all->total()), sliced), count_text(all->running_groups),
               count_text(all->squeezed_groups), count_text(all->bit_cycles), error_text(*all)});
  }
  return table.text();
}

std::string index_text(const MappingSteps& m) {
  TextTable table({kLeft, kRight, kRight, kRight, kRight, kRight, kRight});
  table.row({"index storage in bits", "occupancy", "row masks", "permutation", "inputs", "outputs", "all"});
  table.rule();
  bool any = false;
  for (const MappingStep& step : m.steps) {
    const auto all = step.total(m.layers, false);
    if (!all || all->index.total() == 0) continue;
    any = true;
    const IndexStorage& index = all->index;
    table.row({step_title(step), count_text(index.occupancy), count_text(index.row_mask),
               count_text(index.permutation), count_text(index.input_index), count_text(index.output_index),
               count_text(index.total())});
  }
  return any ? table.text() : "";
}

bool has_planes(const MappingStep& step) {
  return step.name != "conventional" && in_layer_tables(step) &&
         std::none_of(step.layers.begin(), step.layers.end(),
                      [](const auto& layer) { return layer && layer->allocated.size() == 1; });
}

void add_planes(TextTable& table, const MappingSteps& m, const std::string& name, std::size_t planes,
                const std::vector<std::optional<PlaneCounts>>& counts) {
  for (std::size_t p = 0; p < planes; ++p) {
    Cells cells{p == 0 ? name : "", std::to_string(p + 1)};
    for (std::size_t s = 0; s < m.steps.size(); ++s) {
      if (!has_planes(m.steps[s])) continue;
      const bool known = counts[s] && p < counts[s]->allocated.size();
      cells.push_back(known ? count_text(counts[s]->allocated[p]) : kNone);
    }
    table.row(std::move(cells));
  }
}

std::string planes_text(const MappingSteps& m, bool by_layer) {
  std::vector<Align> columns{kLeft, kRight};
  Cells upper{"", ""};
  Cells lower{"layer", "plane"};
  for (const MappingStep& step : m.steps) {
    if (!has_planes(step)) continue;
    columns.push_back(kRight);
    const auto [first, second] = heading(step);
    upper.push_back(first);
    lower.push_back(second);
  }
  TextTable table(columns);
  table.row(upper);
  table.row(lower);
  table.rule();
  int most = 0;
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    most = std::max(most, m.layers[i].planes);
    if (!by_layer) continue;
    std::vector<std::optional<PlaneCounts>> counts;
    for (const MappingStep& step : m.steps) counts.push_back(step.layers[i]);
    add_planes(table, m, m.layers[i].name, static_cast<std::size_t>(m.layers[i].planes), counts);
    table.rule();
  }
  std::vector<std::optional<PlaneCounts>> counts;
  for (const MappingStep& step : m.steps) counts.push_back(step.total(m.layers, false));
  add_planes(table, m, "all layers", static_cast<std::size_t>(most), counts);
  return table.text();
}

std::string saving_text(const AdcSaving& saving, const std::string& model) {
  TextTable table({kLeft, kLeft});
  for (const auto& [name, figures] : adc_saving_lines(saving, model)) table.row({name, figures});
  table.row({"", bits_saved_text(saving)});
  return table.text();
}

std::string title(const Job& job) {
  const CrossbarGeometry g = crossbar_geometry(job.config);
  return synthetic_lines(synthetic_parts(job.bundle)) +
         fmt::format("crossbars of {}: {} x {} cells of {}, {} signs, one replica\n", job.bundle.network.name,
                     g.rows, g.columns, counted(g.cell_bits, "bit", "bits"),
                     job.config.text("mapping.signs"));
}

}  // namespace

std::string step_title(const MappingStep& step) {
  switch (step.squeeze.policy) {
    case SqueezePolicy::off:
      return step.name;
    case SqueezePolicy::all:
      return fmt::format("{}, D={}, every group", step.name, step.squeeze.degree);
    case SqueezePolicy::winning:
      return fmt::format("{}, D={}", step.name, step.squeeze.degree);
    case SqueezePolicy::automatic:
      return fmt::format("{}, auto to D={}", step.name, step.squeeze.degree);
  }
  return step.name;
}

std::string map_text(const Job& job, const MappingSteps& m, bool planes_by_layer) {
  std::string out = title(job) + "\n" + layers_text(m) + "\n" + steps_text(m) + "\n";
  if (const std::string index = index_text(m); !index.empty()) out += index + "\n";
  out += planes_text(m, planes_by_layer) + "\n";
  out += saving_text(m.adc_saving, job.config.model("adc")) + "\n";
  out += fmt::format(
      "configured: mapping.model {}. D: bit planes squeezed out of row groups, where that wins. ADC bits: "
      "lossless,\n"
      "as configured. Plane 1 is the most significant. Weight error: squared, relative to the squared "
      "weights.\n",
      job.config.model("mapping"));
  if (crossbar_geometry(job.config).signs == Signs::offset) {
    out +=
        "with offset signs no plane can be squeezed out (zero weights are stored as ones); try\n"
        "--set mapping.flip_encoding=false --set mapping.signs=differential\n";
  }
  return out;
}

}  // namespace squeezebar
