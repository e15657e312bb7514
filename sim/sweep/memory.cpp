// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/memory.h"

#include <charconv>
#include <fstream>
#include <sstream>

namespace squeezebar {

std::optional<std::uint64_t> available_memory(std::string_view meminfo) {
  constexpr std::string_view kKey = "MemAvailable:";
  std::size_t at = meminfo.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  at = meminfo.find_first_not_of(' ', at + kKey.size());
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t kilobytes = 0;
  const char* end = meminfo.data() + meminfo.size();
  if (std::from_chars(meminfo.data() + at, end, kilobytes).ec != std::errc()) return std::nullopt;
  return kilobytes * 1024;
}

std::optional<std::uint64_t> available_memory() {
  std::ifstream file("/proc/meminfo");
  std::ostringstream text;
  text << file.rdbuf();
  return available_memory(text.str());
}

}  // namespace squeezebar
