// SPDX-License-Identifier: Apache-2.0
#include "sim/base/memory_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/base/diag.h"

namespace squeezebar {

MemoryFile::MemoryFile(std::string_view content) : file_(memfd_create("squeezebar", MFD_CLOEXEC)) {
  const auto refuse = [] {
    throw RunError(fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
  };
  if (file_ < 0) refuse();
  while (!content.empty()) {
    const ssize_t written = write(file_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse();
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

MemoryFile::~MemoryFile() {
  if (file_ >= 0) close(file_);
}

std::filesystem::path MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", file_); }

std::string MemoryFile::tail(std::size_t most) const {
  const auto size = static_cast<std::size_t>(std::max<off_t>(lseek(file_, 0, SEEK_END), 0));
  std::string out(std::min(size, most), '\0');
  const ssize_t got = pread(file_, out.data(), out.size(), static_cast<off_t>(size - out.size()));
  out.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return out;
}

}  // namespace squeezebar
