// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/python_package.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include "sim/base/diag.h"
#include "sim/base/interrupt.h"

extern char** environ;

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// The installed package beside the program, or the one of the source tree that the program was built from.
fs::path scripts_folder(const std::string& package) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share" / "squeezebar" / "scripts";
  for (const fs::path& folder : {installed, fs::path(SQUEEZEBAR_SCRIPTS_DIR)}) {
    if (fs::exists(folder / package / "__main__.py", error)) return folder;
  }
  throw RunError(fmt::format("the Python package '{}' is neither in '{}' nor in '{}'", package,
                             installed.string(), SQUEEZEBAR_SCRIPTS_DIR));
}

/// The distribution's interpreter has the packages that the reports need; another one on the path may not.
std::string interpreter() {
  if (const char* named = std::getenv("PYTHON"); named != nullptr && *named != '\0') return named;
  std::error_code error;
  return fs::exists("/usr/bin/python3", error) ? "/usr/bin/python3" : "python3";
}

/// Waits for a process to end. An interrupt is handed on to it: Ctrl-C reaches it as well, other signals do
/// not.
int status_of(pid_t child) {
  using std::chrono::milliseconds;
  constexpr milliseconds kLook{10};
  constexpr milliseconds kGrace{500};  // for one that the terminal told
  milliseconds since{0};
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) throw RunError("lost the process of a Python package");
    if (interrupt_requested()) since += kLook;
    if (since == kGrace) kill(child, SIGINT);
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

int run_python_package(const std::string& package, const std::vector<std::string>& arguments) {
  setenv("PYTHONPATH", scripts_folder(package).c_str(), 1);
  setenv("SQUEEZEBAR", fs::read_symlink("/proc/self/exe").c_str(), 1);
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  std::vector<std::string> words{interpreter(), "-m", package};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, words.front().c_str(), nullptr, nullptr, argv.data(), environ);
  if (failed != 0)
    throw RunError(fmt::format("cannot start '{}': {}; $PYTHON may name another interpreter", words.front(),
                               std::generic_category().message(failed)));
  const int status = status_of(child);
  if (WIFSIGNALED(status) && interrupt_requested()) throw Interrupted();
  if (WIFSIGNALED(status))
    throw RunError(fmt::format("the process of a Python package was ended by signal {}", WTERMSIG(status)));
  return WEXITSTATUS(status);
}

}  // namespace squeezebar
