// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/report/number_text.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

/// More changed keys than this are counted, not listed, unless they are asked for.
constexpr std::size_t kMostConfigKeys = 12;

std::string runs_text(const Comparison& c) {
  TextTable table({Align::left, Align::left, Align::left});
  for (std::size_t i = 0; i < c.names.size(); ++i)
    table.row({i == 0 ? "baseline" : "", c.names[i], c.descriptions[i]});
  return table.text();
}

std::string config_text(const Comparison& c, bool whole) {
  if (c.config.empty()) return "config: the same in all runs\n";
  if (c.config.size() > kMostConfigKeys && !whole) {
    return fmt::format("config: {} keys differ (--config lists them)\n", c.config.size());
  }
  TextTable table(std::vector<Align>(c.names.size() + 1, Align::left));
  std::vector<std::string> head{"config"};
  head.insert(head.end(), c.names.begin(), c.names.end());
  table.row(head);
  table.rule();
  for (const ConfigChange& change : c.config) {
    std::vector<std::string> cells{change.key};
    for (const std::string& value : change.values) cells.push_back(value.empty() ? "\u2013" : value);
    table.row(std::move(cells));
  }
  return table.text();
}

/// A table of the baseline and the runs [first, last).
std::string block_text(const std::string& title, const std::vector<std::string>& names,
                       const std::vector<ComparedMetric>& rows, std::size_t first, std::size_t last) {
  TextTable table(std::vector<Align>{Align::left, Align::right});
  std::vector<Align> columns{Align::left, Align::right};
  std::vector<std::string> head{title, names[0]};
  for (std::size_t i = first; i < last; ++i) {
    columns.insert(columns.end(), {Align::right, Align::right});
    head.insert(head.end(), {names[i], ""});
  }
  table = TextTable(columns);
  table.row(head);
  table.rule();
  for (const ComparedMetric& row : rows) {
    if (&row != &rows.front() && row.group != (&row)[-1].group) table.rule();
    std::vector<std::string> cells{row.label, row.values[0].text};
    for (std::size_t i = first; i < last; ++i)
      cells.insert(cells.end(), {row.values[i].text, row.values[i].change});
    table.row(std::move(cells));
  }
  return table.text();
}

std::size_t width_of(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, text_width(text.substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

/// As many runs side by side as fit, at least one beside the baseline.
std::string rows_text(const std::string& title, const std::vector<std::string>& names,
                      const std::vector<ComparedMetric>& rows, std::size_t width) {
  std::string out;
  for (std::size_t first = 1; first < names.size();) {
    std::size_t last = names.size();
    std::string block = block_text(title, names, rows, first, last);
    while (last > first + 1 && width_of(block) > width) block = block_text(title, names, rows, first, --last);
    out += (out.empty() ? "" : "\n") + block;
    first = last;
  }
  return out;
}

}  // namespace

std::string comparison_text(const Comparison& c, const ComparisonTextOptions& options) {
  std::string out = runs_text(c) + "\n" + config_text(c, options.whole_config) + "\n";
  if (c.layers.empty()) return out + rows_text("", c.names, c.metrics, options.width);
  for (const LayerComparison& one : c.layers) {
    if (&one != &c.layers.front()) out += "\n";
    out += one.metric.label + "\n\n" + rows_text("layer", c.names, one.layers, options.width);
  }
  return out;
}

std::string differences_text(const std::vector<ResultDifference>& differences, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) {
    const ResultDifference& d = differences[i];
    out += fmt::format("\n{}: {}: {}: {}, in the baseline {}", d.run, d.file, d.key,
                       d.value.empty() ? "absent" : d.value, d.baseline.empty() ? "absent" : d.baseline);
  }
  if (differences.size() > most) out += fmt::format("\nand {} more", differences.size() - most);
  return out;
}

}  // namespace squeezebar
