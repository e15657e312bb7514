// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/base/yaml.h"
#include "sim/report/compare/figures.h"
#include "sim/run/params.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// The first thing that decides values or time and is not the same.
std::string difference(const RunIdentity& stored, const RunIdentity& wanted) {
  if (stored.tool_version != wanted.tool_version) return "it is of another version of this program";
  if (stored.workload != wanted.workload) return "it ran another workload";
  if (stored.values != wanted.values) return "its hardware computes other values";
  return "its hardware has other times";
}

}  // namespace

std::optional<StoredActivity> find_activity(const Job& job, const fs::path& folder,
                                            Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& why) {
    diagnostics.error(Place{folder.string(), 0, 0}, "--reuse", "the run there cannot be reused: " + why);
    return std::nullopt;
  };
  const std::string summary_file = (folder / "summary.json").string();
  const std::optional<std::string> text = read_text_file(summary_file, diagnostics);
  if (!text) return std::nullopt;
  const std::optional<Figures> summary = parse_figures(*text, summary_file, diagnostics);
  if (!summary) return std::nullopt;
  const std::optional<RunIdentity> stored = identity_of(*summary);
  const RunIdentity wanted = identity_of(job);
  if (!stored) return refuse("its summary does not say what was run");
  if (stored->timing_id() != wanted.timing_id()) return refuse(difference(*stored, wanted));
  if (job.config.get<RunParams>().outputs)
    return refuse("outputs are asked for, which only a whole run computes");
  const std::string file = (folder / "activity.json").string();
  std::optional<std::string> activity = read_text_file(file, diagnostics);
  if (!activity) return std::nullopt;
  return StoredActivity{file, std::move(*activity)};
}

}  // namespace squeezebar
