// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as the files of a run folder: summary.json, layers.csv, energy.csv and resolved.yaml,
// parted by the byte 0xFF. What is accepted must compare with itself without a difference, in every format.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/compare/comparison.h"
#include "sim/compare/comparison_html.h"
#include "sim/compare/comparison_text.h"
#include "sim/compare/difference.h"

using namespace squeezebar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0xFF && parts.size() < 4) {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(data[i]);
    }
  }
  parts.resize(4);
  Diagnostics diagnostics;
  const StoredRun run = parse_run("run", {parts[0], parts[1], parts[2], parts[3]}, diagnostics);
  static_cast<void>(diagnostics.text());
  if (diagnostics.has_errors()) return 0;
  const std::vector<StoredRun> runs{run, run};
  if (!differences(runs, 0.0).empty()) std::abort();
  std::vector<LayerMetric> metrics;
  for (const std::string& name : layer_metric_names()) {
    try {
      metrics.push_back(find_layer_metric(name, runs));
    } catch (const UserError&) {
      // A column that holds no numbers is refused when it is asked for.
    }
  }
  const Comparison comparison = compare_runs(runs, metrics);
  if (!comparison.warnings.empty() || !comparison.config.empty()) std::abort();
  if (comparison_text(comparison, {}).empty() || comparison_html(comparison).empty() ||
      comparison_json(comparison, nullptr).empty() || comparison_csv(comparison).empty())
    std::abort();
  return 0;
}
