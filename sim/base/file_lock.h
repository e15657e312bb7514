// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace squeezebar {

/// An exclusive lock (flock) on a file. The system lets go of it when this process and those that keep its
/// file have ended, however they end; file systems of a network that lock files hold off other machines too.
class FileLock {
 public:
  /// Makes the file if it is not there. Nothing if another process has the lock, or removed the file
  /// meanwhile; throws std::system_error if the file cannot be opened or its file system does not lock files.
  static std::optional<FileLock> take(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// The open file, which another process may keep and with it the lock.
  [[nodiscard]] int file() const { return file_; }

 private:
  explicit FileLock(int file) : file_(file) {}

  int file_ = -1;
};

}  // namespace squeezebar
