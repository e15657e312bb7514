// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "sim/base/diag.h"
#include "sim/base/file_lock.h"
#include "sim/base/interrupt.h"

namespace squeezebar {

/// What a file that cannot be written is told with, wherever that happens: `error` is the system's number.
/// A file in a folder that is not in its place yet is called as if it were.
UserError cannot_write(const std::filesystem::path& file, int error);

/// An empty file beside its final place, held by a lock, whose content replaces what is there when it is
/// whole.
class PartialFile {
 public:
  /// Clears what writers that were killed left first. Throws UserError if there can be no such file.
  explicit PartialFile(const std::filesystem::path& file);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Throws UserError if that fails.
  void put_in_place();

 private:
  void discard() const;

  std::filesystem::path file_;
  std::filesystem::path path_;  ///< empty: it is in its place
  std::optional<FileLock> lock_;
  std::optional<AtStake> at_stake_;
};

/// Writes a file under a temporary name and renames it, so that it is never there in part.
/// Throws UserError if that fails (a full disk, a folder of that name, no folder to write to).
void write_whole_file(const std::filesystem::path& file, std::string_view content);

/// Makes the folder, with those that it lies in, and tries whether files can be written to it: what takes
/// long asks this before it begins. Throws UserError, with the folder as its place, if not.
void check_takes_files(const std::filesystem::path& folder);

}  // namespace squeezebar
