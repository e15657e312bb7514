// SPDX-License-Identifier: Apache-2.0
#include "sim/base/piped_config.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/config.h"
#include "sim/base/interrupt.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInputName = "<stdin>";
constexpr const char* kPipeName = "<pipe>";

/// What was taken, by the names it was given.
std::map<std::string, std::string>& taken() {
  static std::map<std::string, std::string> instance;
  return instance;
}

bool is_standard_input(const std::string& file) { return file == "-" || file == "/dev/stdin"; }

bool is_open_file(const std::string& file) {
  return is_standard_input(file) || file.starts_with("/dev/fd/") || file.starts_with("/proc/self/fd/");
}

bool is_fifo(const std::string& file) {
  std::error_code ignored;
  return fs::is_fifo(file, ignored);
}

/// Reads to the end; an interrupt that comes meanwhile ends the process from its own thread.
std::string read_all(const std::string& file) {
  const Place place{file, 0, 0};
  const auto refuse = [&place](const std::string& why) {
    throw UserError(place, "", fmt::format("cannot be read: {}", why));
  };
  const int from = is_standard_input(file) ? dup(STDIN_FILENO) : open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) refuse(std::strerror(errno));
  std::string text;
  std::array<char, 65536> buffer{};
  ssize_t got = 0;
  int error = 0;
  while (text.size() <= kYamlMaxBytes) {
    got = read(from, buffer.data(), buffer.size());
    error = errno;
    if (got < 0 && error == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(from);
  throw_if_interrupted();
  if (got < 0) refuse(std::strerror(error));
  if (text.size() > kYamlMaxBytes) refuse(fmt::format("it is larger than {} MiB", kYamlMaxBytes >> 20U));
  return text;
}

std::string with_variant(const std::string& file, const std::string& variant) {
  return variant.empty() ? file : file + "#" + variant;
}

}  // namespace

bool is_piped_config(const std::string& file) {
  return is_open_file(file) || file == kInputName || file == kPipeName;
}

std::string take_config(const std::string& config) {
  const ConfigName name = ConfigName::parse(config);
  if (!is_open_file(name.file) && !is_fifo(name.file)) return config;
  const std::string called = is_standard_input(name.file) ? kInputName : kPipeName;
  if (!taken().contains(called)) taken()[called] = read_all(name.file);
  return with_variant(called, name.variant);
}

std::optional<std::string> read_config_text(const std::string& file, const Place& where,
                                            Diagnostics& diagnostics) {
  if (const auto found = taken().find(file); found != taken().end()) return found->second;
  return read_text_file(file, diagnostics, where);
}

ConfigForChild config_for_child(const std::string& config) {
  const ConfigName name = ConfigName::parse(config);
  const auto found = taken().find(name.file);
  if (found == taken().end()) return {config, std::nullopt};
  return {with_variant(name.file == kInputName ? "/dev/stdin" : "/dev/fd/0", name.variant), found->second};
}

}  // namespace squeezebar
