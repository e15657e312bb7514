// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/process.h"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "sim/base/children.h"
#include "sim/base/diag.h"

extern char** environ;

namespace squeezebar {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGrace{2000};  ///< between SIGTERM and SIGKILL

sigset_t child_signal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&value_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&value_, &none);
    // A group of its own: Ctrl-C reaches this program alone, which then ends its children.
    posix_spawnattr_setpgroup(&value_, 0);
    posix_spawnattr_setflags(&value_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&value_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_{};
};

class OpenFiles {
 public:
  OpenFiles(const std::filesystem::path& log, int kept) {
    posix_spawn_file_actions_init(&value_);
    posix_spawn_file_actions_addopen(&value_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&value_, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&value_, 2, 1);
    // Onto itself, which takes its close-on-exec away in the child alone.
    if (kept >= 0) posix_spawn_file_actions_adddup2(&value_, kept, kept);
  }
  ~OpenFiles() { posix_spawn_file_actions_destroy(&value_); }
  OpenFiles(const OpenFiles&) = delete;
  OpenFiles& operator=(const OpenFiles&) = delete;
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &value_; }

 private:
  posix_spawn_file_actions_t value_{};
};

}  // namespace

ProcessGroup::ProcessGroup()
    : at_stake_({.tell =
                     [this] {
                       for (const pid_t child : children()) tell_to_end(child);
                     },
                 .clear = [this] { end_children(children()); }}) {
  // Blocked, the signal waits for sigtimedwait in place of getting lost between two looks at the children.
  const sigset_t set = child_signal();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProcessGroup::~ProcessGroup() {
  stop();
  const sigset_t set = child_signal();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

pid_t ProcessGroup::start(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                          milliseconds limit, int kept) {
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto held = hold_ending();
  throw_if_interrupted();
  pid_t child = 0;
  const SpawnAttributes attributes;
  const OpenFiles files(log, kept);
  const int failed =
      posix_spawn(&child, words.front().c_str(), files.get(), attributes.get(), argv.data(), environ);
  if (failed != 0)
    throw RunError(fmt::format("cannot start a process: {}", std::generic_category().message(failed)));
  running_[child].deadline = limit.count() == 0 ? Clock::time_point::max() : Clock::now() + limit;
  return child;
}

std::optional<ProcessEnd> ProcessGroup::reap() {
  const auto held = hold_ending();
  for (;;) {
    int status = 0;
    struct rusage usage {};
    const pid_t child = wait4(-1, &status, WNOHANG, &usage);
    if (child <= 0) return std::nullopt;
    const auto known = running_.find(child);
    if (known == running_.end()) continue;  // somebody else's child
    ProcessEnd out{.process = child,
                   .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                   .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
                   .timed_out = known->second.timed_out,
                   .peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
    running_.erase(known);
    return out;
  }
}

std::vector<pid_t> ProcessGroup::children() const {
  std::vector<pid_t> out;
  for (const auto& [child, state] : running_) out.push_back(child);
  return out;
}

void ProcessGroup::end_overdue() {
  const Clock::time_point now = Clock::now();
  for (auto& [child, state] : running_) {
    if (now < state.deadline) continue;
    kill(child, state.told ? SIGKILL : SIGTERM);
    if (!state.told) state.timed_out = true;
    state.told = true;
    state.deadline = now + kGrace;
  }
}

std::optional<ProcessEnd> ProcessGroup::wait(milliseconds patience) {
  end_overdue();
  if (std::optional<ProcessEnd> ended = reap()) return ended;
  const sigset_t set = child_signal();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const std::chrono::nanoseconds rest = patience - seconds;
  const timespec time{static_cast<std::time_t>(seconds.count()), static_cast<long>(rest.count())};
  sigtimedwait(&set, nullptr, &time);
  return reap();
}

void ProcessGroup::stop() {
  for (auto& [child, state] : running_) {
    kill(child, SIGTERM);
    state.told = true;
    state.deadline = Clock::now() + kGrace;
  }
  while (!running_.empty()) wait(milliseconds(100));
}

}  // namespace squeezebar
