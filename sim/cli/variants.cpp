// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/variants.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "sim/base/children.h"
#include "sim/base/piped_config.h"
#include "sim/cli/comparison_page.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// Everything that can be refused in any variant is refused before the first one runs.
void check_all(const Invocation& invocation, const std::vector<std::string>& names, const fs::path& folder) {
  const auto file = config_of(invocation);
  Diagnostics all;
  for (const std::string& name : names) {
    Diagnostics one;
    load_job(file + "#" + name, overrides_of(invocation), one);
    all.merge(one);
  }
  if (all.has_errors()) throw UserError(all);
  invocation.console.warnings(all);
  if (fs::exists(folder / "summary.json")) {
    throw UserError(Place{folder.string(), 0, 0}, "--output",
                    "holds the results of one run; choose another folder for the variants' results");
  }
  const bool has_variant = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return fs::exists(folder / name / "summary.json");
  });
  if (fs::exists(folder / kComparisonPage) && !has_variant && !invocation.has("force")) {
    throw UserError(Place{folder.string(), 0, 0}, "--output",
                    fmt::format("holds a {} and none of the variants' results; choose another folder, or use "
                                "--force to replace it",
                                kComparisonPage));
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw UserError(Place{folder.string(), 0, 0}, "--output", "cannot be created: " + error.message());
  for (const std::string& name : names) check_output_folder(folder / name, invocation.has("force"));
}

std::vector<std::string> child_arguments(const Invocation& invocation, const std::string& config,
                                         const fs::path& folder) {
  std::vector<std::string> out{"/proc/self/exe", "run", config, "-o", folder.string(), "--quiet"};
  for (const std::string& text : overrides_of(invocation)) out.insert(out.end(), {"--set", text});
  if (invocation.has("force")) out.emplace_back("--force");
  if (invocation.console.json()) out.emplace_back("--json");
  return out;
}

}  // namespace

std::vector<fs::path> run_variants(const Invocation& invocation, const std::vector<std::string>& names,
                                   const fs::path& folder) {
  check_all(invocation, names, folder);
  std::vector<fs::path> out;
  for (const std::string& name : names) {
    invocation.console.note(fmt::format("variant {} of {}: {}", out.size() + 1, names.size(), name));
    out.push_back(folder / name);
    const ConfigForChild config = config_for_child(config_of(invocation) + "#" + name);
    const int code = run_child(child_arguments(invocation, config.name, out.back()), "", config.input);
    if (code == Interrupted::kExitCode) throw Interrupted();
    const std::string failed = fmt::format("variant '{}' failed; see its message above", name);
    if (code == UserError::kExitCode) throw UserError(Place{config_of(invocation), 0, 0}, "", failed);
    if (code != 0) throw RunError(failed);
  }
  return out;
}

void refuse_all_variants(const std::string& command, const std::string& config) {
  if (!ConfigName::parse(config).variant.empty()) return;
  Diagnostics diagnostics;
  const std::vector<std::string> names = config_variants(config, diagnostics);
  if (diagnostics.has_errors() || names.empty()) return;  // loading the config tells what is wrong
  throw UserError(
      Place{config, 0, 0}, "variants",
      fmt::format("name one of {}, as in squeezebar {} {}#{}", join_names(names), command, config, names[0]));
}

}  // namespace squeezebar
