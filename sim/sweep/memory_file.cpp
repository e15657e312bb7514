// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/memory_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/base/diag.h"

namespace squeezebar {

MemoryFile::MemoryFile() : file_(memfd_create("messages", MFD_CLOEXEC)) {
  if (file_ < 0) throw RunError(fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
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
