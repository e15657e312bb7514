// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "sim/base/partial.h"

namespace squeezebar {

namespace fs = std::filesystem;

namespace {

/// `error` is the system's number; some file systems give none.
std::string write_fault(int error) {
  return error == 0 ? "the file system takes no more" : std::strerror(error);
}

}  // namespace

UserError cannot_write(const fs::path& file, int error) {
  return {Place{final_name(file).string(), 0, 0}, "",
          fmt::format("cannot be written: {}", write_fault(error))};
}

PartialFile::PartialFile(const fs::path& file) : file_(file) {
  std::error_code ec;
  if (fs::is_directory(file, ec)) throw cannot_write(file, EISDIR);
  clear_partials(file);
  const auto held = hold_ending();
  throw_if_interrupted();
  at_stake_.emplace(AtStake::Actions{.clear = [this] { discard(); }});
  while (!lock_) {
    path_ = partial_name(file);
    try {
      lock_ = FileLock::take(path_);
    } catch (const std::system_error& error) {
      if (!fs::exists(path_, ec)) throw cannot_write(file, error.code().value());
      return;  // its file system does not lock files
    }
  }
}

PartialFile::~PartialFile() { discard(); }

void PartialFile::discard() const {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

void PartialFile::put_in_place() {
  const auto held = hold_ending();
  std::error_code ec;
  fs::rename(path_, file_, ec);
  if (ec) throw cannot_write(file_, ec.value());
  path_.clear();
}

void write_whole_file(const fs::path& file, std::string_view content) {
  PartialFile partial(file);
  errno = 0;
  std::ofstream out(partial.path(), std::ios::binary);
  out << content;
  out.close();
  if (!out) throw cannot_write(file, errno);
  partial.put_in_place();
}

void check_takes_files(const fs::path& folder) {
  const auto refuse = [&folder](const std::string& why) {
    throw UserError(Place{folder.string(), 0, 0}, "", fmt::format("cannot be written to: {}", why));
  };
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) refuse(ec.message());
  const fs::path probe = partial_name(folder / "probe");
  const auto held = hold_ending();
  errno = 0;
  const bool takes = std::ofstream(probe).put('\n').flush().good();
  const int error = errno;
  fs::remove(probe, ec);
  if (!takes) refuse(write_fault(error));
}

}  // namespace squeezebar
