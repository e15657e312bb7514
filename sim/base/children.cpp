// SPDX-License-Identifier: Apache-2.0
#include "sim/base/children.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/diag.h"
#include "sim/base/interrupt.h"
#include "sim/base/memory_file.h"

extern char** environ;

namespace squeezebar {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGrace{2000};  ///< between SIGTERM and SIGKILL
constexpr milliseconds kLook{5};

bool has_ended(pid_t child) {
  siginfo_t info{};
  const int failed = waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return failed != 0 || info.si_pid == child;
}

pid_t spawn(const std::vector<std::string>& arguments, const std::string& remedy, const MemoryFile* input) {
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  if (input != nullptr)
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input->path().c_str(), O_RDONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &files, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0)
    throw RunError(
        fmt::format("cannot start '{}': {}{}", words[0], std::generic_category().message(failed), remedy));
  return child;
}

}  // namespace

void tell_to_end(pid_t child) { kill(-child, SIGTERM); }

void end_children(const std::vector<pid_t>& children) {
  const auto until = std::chrono::steady_clock::now() + kGrace;
  for (const pid_t child : children) tell_to_end(child);
  for (const pid_t child : children) {
    while (!has_ended(child) && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(kLook);
    if (!has_ended(child)) kill(-child, SIGKILL);
  }
}

int run_child(const std::vector<std::string>& words, const std::string& remedy,
              const std::optional<std::string>& input) {
  std::optional<MemoryFile> held_input;
  if (input) held_input.emplace(*input);
  pid_t child = 0;  // 0: none, or reaped
  const AtStake at_stake({.tell =
                              [&child] {
                                if (child != 0) tell_to_end(child);
                              },
                          .clear =
                              [&child] {
                                if (child != 0) end_children({child});
                              }});
  {
    const auto held = hold_ending();
    throw_if_interrupted();
    child = spawn(words, remedy, held_input ? &*held_input : nullptr);
  }
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw RunError("lost a child process");
  }
  int status = 0;
  {
    const auto held = hold_ending();
    waitpid(child, &status, 0);
    child = 0;
  }
  throw_if_interrupted();
  if (WIFSIGNALED(status))
    throw RunError(fmt::format("the process of '{}' was ended by signal {}", words[0], WTERMSIG(status)));
  return WEXITSTATUS(status);
}

}  // namespace squeezebar
