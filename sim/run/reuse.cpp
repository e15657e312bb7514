// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/base/file_list.h"
#include "sim/base/yaml.h"
#include "sim/compare/figures.h"
#include "sim/run/params.h"
#include "sim/run/run.h"
#include "sim/run/values_file.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// The first thing that decides values and is not the same.
std::string difference(const RunIdentity& stored, const RunIdentity& wanted) {
  if (stored.tool_version != wanted.tool_version) return "it is of another version of this program";
  if (stored.program != wanted.program) return "it was computed by another program";
  if (stored.workload != wanted.workload) return "it ran another workload";
  return "its hardware computes other values";
}

std::string time_difference(const RunIdentity& stored, const RunIdentity& wanted) {
  return stored.timing == wanted.timing ? "a trace is asked for" : "its hardware has other times";
}

}  // namespace

std::optional<Reusable> find_reusable(const Job& job, const fs::path& folder, Diagnostics& diagnostics) {
  const auto refuse_at = [&](const Place& place, const std::string& why) -> std::optional<Reusable> {
    diagnostics.error(place, "--reuse", "the run there cannot be reused: " + why);
    return std::nullopt;
  };
  const auto refuse = [&](const std::string& why) { return refuse_at(Place{folder.string(), 0, 0}, why); };
  const std::string summary_file = (folder / "summary.json").string();
  const std::optional<std::string> text = read_text_file(summary_file, diagnostics);
  if (!text) return std::nullopt;
  const FileCheck check(folder);
  if (const std::string why = check.list_fault(); !why.empty())
    return refuse_at(Place{(folder / kListFile).string(), 1, 1}, "its list of files " + why);
  if (!check.has_list()) return refuse(fmt::format("it has no {}", kListFile));
  if (const std::string why = check.fault("summary.json", *text); !why.empty())
    return refuse("its summary.json " + why);
  const std::optional<Figures> summary = parse_figures(*text, summary_file, diagnostics);
  if (!summary) return std::nullopt;
  const std::optional<RunIdentity> stored = identity_of(*summary);
  const RunIdentity wanted = identity_of(job);
  // All of the file is read before the run, because a run cannot begin again when it turns out to be damaged.
  const auto checked = [&](Reusable::Part part, const char* name) -> std::optional<Reusable> {
    if (const std::string why = check.fault(name); !why.empty())
      return refuse(fmt::format("its {} {}", name, why));
    return Reusable{part, folder / name};
  };
  if (!stored) return refuse("its summary does not say what was run");
  if (job.config.get<RunParams>().outputs)
    return refuse("outputs are asked for, which only a whole run computes");
  if (stored->values_id() != wanted.values_id()) return refuse(difference(*stored, wanted));
  // A trace shows the simulation itself, for which values alone are of use.
  if (stored->timing_id() == wanted.timing_id() && !is_traced(job))
    return checked(Reusable::Part::timing, "activity.json");
  const fs::path file = folder / kValuesFile;
  const std::string fault = StoredValues::fault(file, wanted.values_id(), job.images);
  if (!fault.empty()) return refuse(fmt::format("{}, and {}", time_difference(*stored, wanted), fault));
  return checked(Reusable::Part::values, kValuesFile);
}

}  // namespace squeezebar
