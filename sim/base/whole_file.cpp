// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/diag.h"
#include "sim/base/interrupt.h"

namespace squeezebar {

namespace fs = std::filesystem;

void write_whole_file(const fs::path& file, std::string_view content) {
  const auto refuse = [&](const std::string& why) {
    throw UserError({}, "", fmt::format("cannot write '{}': {}", file.string(), why));
  };
  std::error_code ec;
  if (fs::is_directory(file, ec)) refuse("it is a folder");
  ec.clear();
  // Two processes may write the same file at once: each has a name of its own until it is whole.
  const fs::path partial = fmt::format("{}.{}.partial", file.string(), getpid());
  const auto discard = [&partial] {
    std::error_code ignored;
    fs::remove(partial, ignored);
  };
  const AtStake at_stake({.clear = discard});
  errno = 0;
  std::ofstream out(partial, std::ios::binary);
  out << content;
  out.close();
  const std::string why = out ? "" : std::strerror(errno);
  if (out) fs::rename(partial, file, ec);
  if (out && !ec) return;
  discard();
  refuse(ec ? ec.message() : why);
}

}  // namespace squeezebar
