// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/run_identity.h"

#include <algorithm>
#include <initializer_list>

#include "sim/base/hash.h"

namespace squeezebar {
namespace {

/// 96 bits: a million points share a name by accident once in 10^17 sweeps.
constexpr std::size_t kDigits = 24;

std::string name_of(std::initializer_list<std::string> parts) {
  Sha256 hash;
  for (const std::string& part : parts) {
    hash.update(part);
    hash.update("\n");
  }
  return hash.hex().substr(0, kDigits);
}

}  // namespace

std::string RunIdentity::id() const { return name_of({accounting, timing, values, workload, tool_version}); }
std::string RunIdentity::timing_id() const {
  return name_of({timing, values, workload, tool_version, program});
}
std::string RunIdentity::values_id() const { return name_of({values, workload, tool_version, program}); }

std::string RunIdentity::difference(const RunIdentity& stored) const {
  RunIdentity same_program = stored;
  same_program.program = program;
  return same_program == *this ? "was computed by another program" : "holds the results of something else";
}

std::optional<RunIdentity> identity_of(const Figures& summary) {
  RunIdentity out{.accounting = summary.text("config_hash.accounting"),
                  .timing = summary.text("config_hash.timing"),
                  .values = summary.text("config_hash.values"),
                  .workload = summary.text("workload_hash"),
                  .tool_version = summary.text("tool_version"),
                  .program = summary.text("program")};
  // Versions that named no program computed with another one.
  const auto parts = {&out.accounting, &out.timing, &out.values, &out.workload, &out.tool_version};
  if (std::any_of(parts.begin(), parts.end(), [](const std::string* part) { return part->empty(); }))
    return std::nullopt;
  return out;
}

}  // namespace squeezebar
