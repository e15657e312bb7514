// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/process.h"

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include "sim/base/diag.h"
#include "sim/base/memory_file.h"
#include "sim/sweep/memory.h"
#include "sim/sweep/point_command.h"
#include "sim/sweep/shell.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace squeezebar::test {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kForever{0};

ProcessEnd end_of(ProcessGroup& group) {
  for (int i = 0; i < 600; ++i) {
    if (const std::optional<ProcessEnd> end = group.wait(milliseconds(100))) return *end;
  }
  FAIL("no process ended");
  return {};
}

TEST_CASE("a process that ends is told with its exit code", "[sweep]") {
  const TemporaryFolder folder;
  ProcessGroup group;
  const pid_t process =
      group.start({"/bin/sh", "-c", "echo hello >&2; exit 7"}, folder.path() / "log", kForever);
  const ProcessEnd end = end_of(group);
  CHECK(end.process == process);
  CHECK(end.exit_code == 7);
  CHECK(end.signal == 0);
  CHECK(std::filesystem::file_size(folder.path() / "log") == 6);
  CHECK(group.running() == 0);
}

TEST_CASE("a process that crashes is told with its signal", "[sweep]") {
  const TemporaryFolder folder;
  ProcessGroup group;
  group.start({"/bin/sh", "-c", "kill -SEGV $$"}, folder.path() / "log", kForever);
  CHECK(end_of(group).signal == SIGSEGV);
}

TEST_CASE("a process is ended when its time is over", "[sweep]") {
  const TemporaryFolder folder;
  ProcessGroup group;
  group.start({"/bin/sleep", "1000"}, folder.path() / "log", milliseconds(50));
  const ProcessEnd end = end_of(group);
  CHECK(end.timed_out);
  CHECK(end.signal == SIGTERM);
}

TEST_CASE("processes end with their group", "[sweep]") {
  const TemporaryFolder folder;
  pid_t process = 0;
  {
    ProcessGroup group;
    process = group.start({"/bin/sleep", "1000"}, folder.path() / "log", kForever);
  }
  CHECK(kill(process, 0) != 0);
}

TEST_CASE("messages are kept in memory, the last of them if there are many", "[sweep]") {
  const MemoryFile log;
  ProcessGroup group;
  group.start({"/bin/sh", "-c", "echo first; echo second >&2"}, log.path(), kForever);
  end_of(group);
  CHECK(log.tail(100) == "first\nsecond\n");
  CHECK(log.tail(7) == "second\n");
}

TEST_CASE("a file that a process is to keep is open in that process alone", "[sweep]") {
  const MemoryFile log;
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const std::string look = "test -e /proc/self/fd/" + std::to_string(file);
  ProcessGroup group;
  group.start({"/bin/sh", "-c", look}, log.path(), kForever, file);
  CHECK(end_of(group).exit_code == 0);
  group.start({"/bin/sh", "-c", look}, log.path(), kForever);
  CHECK(end_of(group).exit_code == 1);
  close(file);
}

TEST_CASE("a program that is not there cannot be started", "[sweep]") {
  const TemporaryFolder folder;
  ProcessGroup group;
  CHECK_THROWS_AS(group.start({"/no/such/program"}, folder.path() / "log", kForever), RunError);
}

TEST_CASE("the reason of a failure is the first error", "[sweep]") {
  CHECK(failure_reason(2, 0, "a.yaml:3:4: error: adc.bits: too many\nb: error: more\n") ==
        "a.yaml:3:4: adc.bits: too many");
  CHECK(failure_reason(1, 0, "squeezebar: error: not enough memory\n") == "not enough memory");
  CHECK(failure_reason(1, 0, "") == "its process ended with exit code 1");
  CHECK_THAT(failure_reason(0, SIGSEGV, ""), ContainsSubstring("crashed"));
  CHECK_THAT(failure_reason(0, SIGKILL, "error: late"), ContainsSubstring("out of memory"));
}

TEST_CASE("free memory is read from the system's text", "[sweep]") {
  CHECK(available_memory("MemTotal: 5 kB\nMemAvailable:   1024 kB\n") == 1024 * 1024);
  CHECK_FALSE(available_memory("MemTotal: 5 kB\n").has_value());
  CHECK_FALSE(available_memory("MemAvailable: x kB\n").has_value());
}

TEST_CASE("words are quoted where a shell would read them otherwise", "[sweep]") {
  CHECK(shell_word("runs/a-b_1.yaml") == "runs/a-b_1.yaml");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("").size() == 2);
  CHECK(shell_word("a#b") == "'a#b'");
}

}  // namespace
}  // namespace squeezebar::test
