// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/comparison_page.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "sim/base/log.h"
#include "sim/report/compare/comparison_html.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// A page appears only when it is whole.
void write_page(const fs::path& file, const std::string& page) {
  const auto refuse = [&](const std::string& why) {
    throw UserError({}, "", fmt::format("cannot write '{}': {}", file.string(), why));
  };
  std::error_code ec;
  if (fs::is_directory(file, ec)) refuse("it is a folder");
  const fs::path partial = file.string() + ".partial";
  errno = 0;
  std::ofstream out(partial, std::ios::binary);
  out << page;
  out.close();
  const std::string why = out ? "" : std::strerror(errno);
  if (out) fs::rename(partial, file, ec);
  if (out && !ec) return;
  std::error_code ignored;
  fs::remove(partial, ignored);
  refuse(ec ? ec.message() : why);
}

}  // namespace

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
  write_page(file, comparison_html(compare_runs(runs, metrics)));
  log_info("written: " + file.string());
}

}  // namespace squeezebar
