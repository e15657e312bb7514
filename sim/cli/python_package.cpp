// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/python_package.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "sim/base/children.h"
#include "sim/base/diag.h"

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

}  // namespace

int run_python_package(const std::string& package, const std::vector<std::string>& arguments) {
  setenv("PYTHONPATH", scripts_folder(package).c_str(), 1);
  setenv("SQUEEZEBAR", fs::read_symlink("/proc/self/exe").c_str(), 1);
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  std::vector<std::string> words{interpreter(), "-m", package};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_child(words, "; $PYTHON may name another interpreter");
}

}  // namespace squeezebar
