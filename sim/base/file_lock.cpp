// SPDX-License-Identifier: Apache-2.0
#include "sim/base/file_lock.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace squeezebar {

std::optional<FileLock> FileLock::take(const std::filesystem::path& path) {
  // Writable, because network file systems lock no other file exclusively.
  FileLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.file_ < 0) throw std::system_error(errno, std::generic_category());
  if (flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
    throw std::system_error(errno, std::generic_category(), "its file system does not lock files");
  }
  // The file may have been removed by its last holder between open and flock: that lock would hold nobody
  // off.
  struct stat held {};
  struct stat named {};
  if (fstat(lock.file_, &held) != 0 || stat(path.c_str(), &named) != 0 || held.st_ino != named.st_ino)
    return std::nullopt;
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace squeezebar
