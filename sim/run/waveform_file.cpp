// SPDX-License-Identifier: Apache-2.0
#include "sim/run/waveform_file.h"

#include <charconv>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

/// The time of a line "#123", or -1.
std::int64_t time_of(const std::string& line) {
  std::int64_t time = -1;
  if (line.empty() || line[0] != '#') return -1;
  std::from_chars(line.data() + 1, line.data() + line.size(), time);
  return time;
}

/// Skips a section of the header up to its $end.
void skip_section(std::ifstream& in) {
  for (std::string line; std::getline(in, line);) {
    if (line.find("$end") != std::string::npos) return;
  }
}

void copy_lines(std::ifstream& in, std::ofstream& out, std::int64_t stopped_at_fs) {
  for (std::string line; std::getline(in, line);) {
    if (line == "$date" || line == "$version") {
      skip_section(in);
      continue;
    }
    // SystemC ends the file with the time at which it is closed.
    if (stopped_at_fs >= 0 && time_of(line) > stopped_at_fs) return;
    out << line << '\n';
  }
}

}  // namespace

void copy_waveforms(const std::filesystem::path& from, const std::filesystem::path& to,
                    std::int64_t stopped_at_fs) {
  std::ifstream in(from, std::ios::binary);
  if (!in) throw RunError("cannot read the waveforms that SystemC wrote");
  std::ofstream out(to, std::ios::binary);
  if (stopped_at_fs >= 0) {
    out << fmt::format(
        "$comment\n    the most changes (trace.events) were reached at {} fs; later ones are missing\n$end\n",
        stopped_at_fs);
  }
  copy_lines(in, out, stopped_at_fs);
  out.close();
  if (!out || in.bad()) throw RunError(fmt::format("cannot write {}", to.filename().string()));
}

}  // namespace squeezebar
