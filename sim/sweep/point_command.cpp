// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/point_command.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "sim/sweep/shell.h"

namespace squeezebar {
namespace {

constexpr std::string_view kError = "error: ";

/// Where an error lies, as it is told behind the name of a point; nothing for the program itself.
std::string place_text(std::string_view before) {
  constexpr std::string_view kProgram = "squeezebar: ";
  return before == kProgram ? std::string() : std::string(before);
}

/// Place and text of the first error message: those that follow are often its consequences.
std::string first_error(const std::string& log) {
  std::size_t at = 0;
  while (at < log.size()) {
    const std::size_t end = std::min(log.find('\n', at), log.size());
    const std::string line = log.substr(at, end - at);
    if (const std::size_t error = line.find(kError); error != std::string::npos)
      return place_text(line.substr(0, error)) + line.substr(error + kError.size());
    at = end + 1;
  }
  return {};
}

}  // namespace

std::vector<std::string> point_command(const Plan& plan, const PlannedPoint& point,
                                       const std::filesystem::path& results) {
  std::vector<std::string> out{"/proc/self/exe", "run", plan.base,       "--quiet",
                               "--force",        "-o",  results.string()};
  for (const std::string& text : point.overrides) out.insert(out.end(), {"--set", text});
  return out;
}

std::string share_command(const EngineWork& work, const std::string& program, const std::string& share) {
  return fmt::format("{} sweep {} --shard {}{}{}{}", shell_word(program), shell_word(work.folder.string()),
                     share, work.fresh ? " --fresh" : "", work.retry_failed ? " --retry-failed" : "",
                     work.store.verifies() ? " --verify" : "");
}

std::string failure_reason(int exit_code, int signal, const std::string& log) {
  if (signal == SIGKILL) return "its process was killed (signal 9): out of memory, or by hand";
  if (signal != 0) return fmt::format("its process crashed: {} (signal {})", strsignal(signal), signal);
  const std::string error = first_error(log);
  return error.empty() ? fmt::format("its process ended with exit code {}", exit_code) : error;
}

}  // namespace squeezebar
