// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/units.h"
#include "sim/compare/stored_run.h"

namespace squeezebar {

/// How a figure is written and held against another.
enum class FigureStyle {
  count,     ///< digits in groups
  quantity,  ///< number with a unit of readable size
  plain,     ///< four significant digits
  share,     ///< percent
  fraction,  ///< percent; compared by the difference in points
  decibel,   ///< compared by the difference
};

/// A row of a comparison.
struct Metric {
  std::string group;
  std::string label;
  std::string key;  ///< of summary.json; that of a derived figure is its own
  FigureStyle style = FigureStyle::count;
  Dimension dimension = Dimension::none;  ///< of a quantity
  std::string unit{};                     ///< of a plain number
  std::string over{};                     ///< the figure is divided by this key of summary.json
  std::string absent{};                   ///< what null stands for

  [[nodiscard]] std::string text(std::optional<double> value) const;
  /// The change from the baseline for people.
  [[nodiscard]] std::string change(std::optional<double> from, std::optional<double> to) const;
  /// For machines, in SI units; empty for counts and fractions.
  [[nodiscard]] std::string unit_text() const;
  /// For machines: the key, and what it was divided by.
  [[nodiscard]] std::string name() const;
};

/// The rows for these runs: every metric that at least one of them has. Components without energy in any run
/// are left out.
std::vector<Metric> metrics_of(const std::vector<StoredRun>& runs);
/// Nothing if the run does not have the figure.
std::optional<double> value_of(const Metric& metric, const StoredRun& run);

/// A figure of every layer: a column of layers.csv, or a sum of some.
struct LayerMetric {
  std::string name;  ///< as asked for
  std::string label;
  std::vector<std::string> columns;
  FigureStyle style = FigureStyle::count;
  Dimension dimension = Dimension::none;
  bool in_clock_cycles = false;  ///< seconds become cycles of the run's chip clock
  bool sums = false;             ///< the sum over layers means something

  /// How its values are written.
  [[nodiscard]] Metric as_row(const std::string& layer) const;
};

/// Names that find_layer_metric knows, beside the columns of layers.csv.
std::vector<std::string> layer_metric_names();
/// The metric of a name or of a column; throws UserError naming the nearest if no run has such a column, or
/// one that holds no numbers.
LayerMetric find_layer_metric(const std::string& name, const std::vector<StoredRun>& runs);
/// Of one record of layers.csv; nothing where the run has no such column.
std::optional<double> value_of(const LayerMetric& metric, const StoredRun& run, std::size_t record);

}  // namespace squeezebar
