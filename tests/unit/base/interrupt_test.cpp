// SPDX-License-Identifier: Apache-2.0
#include "sim/base/interrupt.h"

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/children.h"
#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct End {
  int status = 0;
  std::string said;
  double seconds = 0.0;  ///< from the signal on

  [[nodiscard]] int exit_code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
};

/// What a child process tells through a pipe.
class Voice {
 public:
  Voice() { REQUIRE(pipe(ends_) == 0); }
  ~Voice() {
    for (const int end : ends_) {
      if (end >= 0) close(end);
    }
  }
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;
  void say(const std::string& text) const { REQUIRE(write(ends_[1], text.data(), text.size()) > 0); }
  char hear() const {
    char c = 0;
    return read(ends_[0], &c, 1) == 1 ? c : '\0';
  }
  [[nodiscard]] std::string in_shell(const std::string& words) const {
    return fmt::format(fmt::runtime(words), ends_[1]);
  }
  void close_mouth() { close(std::exchange(ends_[1], -1)); }

 private:
  int ends_[2] = {-1, -1};
};

[[noreturn]] void work_for_ever() {
  for (;;) std::this_thread::sleep_for(milliseconds(1000));
}

/// Runs `work` in a process that says 'r' when it is ready, and sends it the signals.
End interrupted(const std::function<void(const Voice&)>& work, const std::vector<int>& signals) {
  Voice voice;
  const pid_t child = fork();
  if (child == 0) {
    watch_interrupts([&voice] { voice.say("bye"); });
    try {
      work(voice);
    } catch (...) {
      _exit(99);
    }
    _exit(0);
  }
  voice.close_mouth();
  End out;
  REQUIRE(voice.hear() == 'r');
  const Clock::time_point start = Clock::now();
  for (const int number : signals) {
    kill(child, number);
    std::this_thread::sleep_for(milliseconds(20));
  }
  for (char c = voice.hear(); c != '\0'; c = voice.hear()) out.said += c;
  REQUIRE(waitpid(child, &out.status, 0) == child);
  out.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return out;
}

TEST_CASE("a process that does not look at its signals is ended cleanly") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const End end = interrupted(
        [](const Voice& voice) {
          const AtStake first({.tell = [&] { voice.say("t"); }, .clear = [&] { voice.say("1"); }});
          const AtStake second({.clear = [&] { voice.say("2"); }});
          voice.say("r");
          work_for_ever();
        },
        {number});
    CHECK(end.exit_code() == Interrupted::kExitCode);
    CHECK(end.said == "t21bye");
    CHECK(end.seconds > 0.09);
  }
}

TEST_CASE("a process that ends by itself is left alone") {
  const End end = interrupted(
      [](const Voice& voice) {
        const AtStake kept({.clear = [&] { voice.say("1"); }});
        voice.say("r");
        while (!interrupt_requested()) std::this_thread::sleep_for(milliseconds(1));
        end_watch();
        std::this_thread::sleep_for(milliseconds(300));
        voice.say("own");
        _exit(7);
      },
      {SIGINT});
  CHECK(end.exit_code() == 7);
  CHECK(end.said == "own");
}

TEST_CASE("a second signal does not wait, and a third one ends what hangs") {
  const auto work = [](const Voice& voice) {
    voice.say("r");
    work_for_ever();
  };
  CHECK(interrupted(work, {SIGINT, SIGINT}).exit_code() == Interrupted::kExitCode);
  const End end = interrupted(
      [](const Voice& voice) {
        const auto held = hold_ending();
        voice.say("r");
        work_for_ever();
      },
      {SIGTERM, SIGINT, SIGTERM});
  CHECK(WIFSIGNALED(end.status));
}

TEST_CASE("what is done under the hold is done whole") {
  const End end = interrupted(
      [](const Voice& voice) {
        {
          const auto held = hold_ending();
          voice.say("ra");
          std::this_thread::sleep_for(milliseconds(300));
          voice.say("b");
        }
        work_for_ever();
      },
      {SIGTERM});
  CHECK(end.exit_code() == Interrupted::kExitCode);
  CHECK(end.said == "abbye");
}

TEST_CASE("SIGHUP stays ignored where it was") {
  std::signal(SIGHUP, SIG_IGN);
  const End end = interrupted(
      [](const Voice& voice) {
        voice.say("r");
        std::this_thread::sleep_for(milliseconds(300));
      },
      {SIGHUP});
  std::signal(SIGHUP, SIG_DFL);
  CHECK(end.exit_code() == 0);
}

TEST_CASE("an interrupt is handed on to a child, which ends first") {
  const End end = interrupted(
      [](const Voice& voice) {
        try {
          run_child({"/bin/sh", "-c",
                     voice.in_shell("trap 'exit 3' TERM; printf r >&{0}; while :; do sleep 0.01; done")});
        } catch (const Interrupted&) {
          _exit(Interrupted::kExitCode);
        }
      },
      {SIGTERM});
  CHECK(end.exit_code() == Interrupted::kExitCode);
  CHECK(end.seconds < 2.0);
}

TEST_CASE("the exit code of a child is handed back") {
  CHECK(run_child({"sh", "-c", "exit 5"}) == 5);
  CHECK_THROWS_AS(run_child({"sh", "-c", "kill -9 $$"}), RunError);
  CHECK_THROWS_AS(run_child({"/no/such/program"}), RunError);
}

}  // namespace
}  // namespace squeezebar
