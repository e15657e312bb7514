// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/comparison_page.h"

#include "sim/base/log.h"
#include "sim/base/whole_file.h"
#include "sim/compare/comparison_html.h"

namespace squeezebar {
namespace fs = std::filesystem;

std::vector<StoredRun> read_runs(const std::vector<std::string>& folders) {
  Diagnostics diagnostics;
  std::vector<StoredRun> runs;
  for (const std::string& folder : folders) runs.push_back(read_run(folder, diagnostics));
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  return runs;
}

void write_comparison_page(const fs::path& file, const std::vector<StoredRun>& runs,
                           const std::vector<LayerMetric>& more) {
  std::vector<LayerMetric> metrics;
  for (const char* name : {"crossbars", "cycles", "stalls", "energy"})
    metrics.push_back(find_layer_metric(name, runs));
  metrics.insert(metrics.end(), more.begin(), more.end());
  write_whole_file(file, comparison_html(compare_runs(runs, metrics)));
  log_info("written: " + file.string());
}

}  // namespace squeezebar
