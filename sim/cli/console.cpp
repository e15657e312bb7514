// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/console.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "sim/base/interrupt.h"

namespace squeezebar {
namespace {

constexpr const char* kRed = "\x1b[1;31m";
constexpr const char* kYellow = "\x1b[1;33m";
constexpr const char* kPlain = "\x1b[0m";

/// https://no-color.org: set to anything but the empty text.
bool no_color() {
  const char* value = std::getenv("NO_COLOR");
  return value != nullptr && *value != '\0';
}

bool wants_color(const std::string& mode) {
  if (mode == "always") return true;
  return mode != "never" && !no_color() && isatty(STDERR_FILENO) != 0;
}

nlohmann::ordered_json to_json(const Diagnostic& d) {
  return {{"file", d.place.file},
          {"line", d.place.line},
          {"column", d.place.column},
          {"severity", d.severity == Severity::error ? "error" : "warning"},
          {"key", d.key},
          {"message", d.message}};
}

void write_stderr(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

/// Bytes of stdout may be a user's file names in any encoding; JSON must be UTF-8.
std::string dump(const nlohmann::ordered_json& value) {
  return value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Console::Console(const std::vector<std::string>& arguments) {
  std::string color = "auto";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") break;
    if (argument == "--json") json_ = true;
    if (argument == "--quiet" || argument == "-q") quiet_ = true;
    if (argument == "--verbose" || argument == "-v") verbose_ = true;
    if (argument == "--color" && i + 1 < arguments.size()) color = arguments[i + 1];
    if (argument.rfind("--color=", 0) == 0) color = argument.substr(8);
  }
  color_ = wants_color(color);
}

bool Console::shows_progress() const { return !quiet_ && !json_ && isatty(STDERR_FILENO) != 0; }

void Console::result(const std::string& text) const {
  throw_if_interrupted();
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) return;  // the reader (head, a pager) has seen enough
  throw RunError(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

void Console::note(const std::string& text) const {
  if (!quiet_ && !json_) write_stderr(text + "\n");
}

void Console::print(const Diagnostics& diagnostics) const {
  std::string out;
  for (const Diagnostic& item : diagnostics.sorted()) {
    std::string line = to_string(item);
    const std::string word = item.severity == Severity::error ? "error:" : "warning:";
    const std::size_t at = line.find(word);
    if (color_ && at != std::string::npos) {
      line.insert(at + word.size(), kPlain);
      line.insert(at, item.severity == Severity::error ? kRed : kYellow);
    }
    out += line + "\n";
  }
  write_stderr(out);
}

void Console::diagnostics(const Diagnostics& diagnostics, int exit_code) const {
  if (!json_) return print(diagnostics);
  nlohmann::ordered_json out;
  out["errors"] = nlohmann::ordered_json::array();
  for (const Diagnostic& item : diagnostics.sorted()) out["errors"].push_back(to_json(item));
  out["exit_code"] = exit_code;
  write_stderr(dump(out));
}

void Console::warnings(const Diagnostics& diagnostics) const {
  if (!quiet_ && !diagnostics.empty()) this->diagnostics(diagnostics, 0);
}

void Console::error(const std::string& message, int exit_code) const {
  Diagnostics single;
  single.error(Place{"squeezebar", 0, 0}, "", message);
  diagnostics(single, exit_code);
}

}  // namespace squeezebar
