// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace squeezebar {

/// A file that lies in memory: a full disk does not cut off what is written to it, and it goes with its
/// processes.
class MemoryFile {
 public:
  /// Throws RunError.
  explicit MemoryFile(std::string_view content = {});
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  /// A name of it for this process and the children that it starts.
  [[nodiscard]] std::filesystem::path path() const;
  /// At most `most` bytes from its end.
  [[nodiscard]] std::string tail(std::size_t most) const;

 private:
  int file_ = -1;
};

}  // namespace squeezebar
