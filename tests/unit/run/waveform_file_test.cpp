// SPDX-License-Identifier: Apache-2.0
#include "sim/run/waveform_file.h"

#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

const std::string kHeader = "$timescale\n     1 fs\n$end\n$var wire 1 a x $end\n$enddefinitions  $end\n";

/// What SystemC wrote, copied.
std::string copied(const std::string& body, const WaveformSpan& span) {
  const fs::path from = fs::temp_directory_path() / fmt::format("squeezebar-waveforms-{}.vcd", getpid());
  const fs::path to = from.string() + ".copy";
  std::ofstream(from) << "$date\n     Jan 01, 2000       00:00:00\n$end\n\n$version\n SystemC 1\n$end\n\n"
                      << kHeader
                      << "$comment\nAll initial values are dumped below.\n$end\n\n$dumpvars\n0a\n$end\n\n"
                      << body;
  copy_waveforms(from, to, span);
  std::ostringstream out;
  out << std::ifstream(to).rdbuf();
  fs::remove(from);
  fs::remove(to);
  return out.str();
}

}  // namespace

TEST_CASE("waveforms tell neither when they were written nor by what, but the time of the first values") {
  CHECK(copied("#20\n1a\n\n#30\n", {.from_fs = 7, .end_fs = 30}) ==
        kHeader + "#7\n$dumpvars\n0a\n$end\n#20\n1a\n#30\n");
}

TEST_CASE("waveforms of a window last until its end") {
  CHECK(copied("#20\n1a\n\n#20\n", {.from_fs = 0, .end_fs = 50}) ==
        kHeader + "#0\n$dumpvars\n0a\n$end\n#20\n1a\n#20\n#50\n");
  CHECK(copied("", {.from_fs = 3, .end_fs = 50}) == kHeader + "#3\n$dumpvars\n0a\n$end\n#50\n");
}

TEST_CASE("waveforms that stopped say so and end there") {
  const std::string text = copied("#20\n1a\n\n#90\n", {.from_fs = 0, .end_fs = 90, .stopped_at_fs = 25});
  CHECK_THAT(text, ContainsSubstring("reached at 25 fs"));
  CHECK(text.substr(text.size() - 7) == "#20\n1a\n");
}

TEST_CASE("waveforms that cannot be copied are told") {
  CHECK_THROWS_AS(copy_waveforms("/nonexistent.vcd", "/dev/null", {}), RunError);
}

}  // namespace squeezebar::test
