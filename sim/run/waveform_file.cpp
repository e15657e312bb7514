// SPDX-License-Identifier: Apache-2.0
#include "sim/run/waveform_file.h"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "sim/base/diag.h"
#include "sim/base/whole_file.h"

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

/// SystemC does not say when it could not write: the last line then has no end.
bool is_cut(std::ifstream& in) {
  char last = '\n';
  in.seekg(-1, std::ios::end).get(last);
  in.clear();
  in.seekg(0);
  return last != '\n';
}

/// Sections that tell when and with what the file was made, or the time of the first values inexactly.
bool is_dropped(const std::string& line) {
  return line == "$date" || line == "$version" || line == "$comment";
}

void copy_lines(std::ifstream& in, std::ofstream& out, const WaveformSpan& span) {
  std::int64_t last = span.from_fs;
  for (std::string line; std::getline(in, line);) {
    if (is_dropped(line)) {
      skip_section(in);
      continue;
    }
    const std::int64_t time = time_of(line);
    if (span.stopped_at_fs >= 0 && time > span.stopped_at_fs) return;
    if (line == "$dumpvars") out << '#' << span.from_fs << '\n';
    if (time >= 0) last = time;
    if (!line.empty()) out << line << '\n';
  }
  if (span.stopped_at_fs < 0 && span.end_fs > last) out << '#' << span.end_fs << '\n';
}

}  // namespace

void copy_waveforms(const std::filesystem::path& from, const std::filesystem::path& to,
                    const WaveformSpan& span) {
  std::ifstream in(from, std::ios::binary);
  if (!in) throw RunError("cannot read the waveforms that SystemC wrote");
  if (is_cut(in)) throw cannot_write(to, 0);
  errno = 0;
  std::ofstream out(to, std::ios::binary);
  if (span.stopped_at_fs >= 0) {
    out << fmt::format(
        "$comment\n    the most changes (trace.events) were reached at {} fs; later ones are missing\n$end\n",
        span.stopped_at_fs);
  }
  copy_lines(in, out, span);
  if (in.bad()) throw RunError("cannot read the waveforms that SystemC wrote");
  out.close();
  if (!out) throw cannot_write(to, errno);
}

}  // namespace squeezebar
