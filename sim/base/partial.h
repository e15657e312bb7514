// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "sim/base/file_lock.h"
#include "sim/base/interrupt.h"

namespace squeezebar {

/// A name beside `target` that nobody else has: ".NAME.<12 random hexadecimal digits>.partial".
std::filesystem::path partial_name(const std::filesystem::path& target);

/// A file that is being written in a folder below, as it will be called when the folder is in its place.
std::filesystem::path final_name(const std::filesystem::path& file);

/// Removes what writers that were killed left beside `target`: whatever has such a name and whose lock nobody
/// holds. A result that one of them had put aside goes back to its place if nothing is there.
void clear_partials(const std::filesystem::path& target);

/// A hidden folder beside a target, held by a lock on a file in it, in which the target's successor is
/// prepared. It goes when this object does, with what is left in it.
class PartialFolder {
 public:
  /// Clears what others left first. Throws std::system_error if the folder cannot be made.
  explicit PartialFolder(const std::filesystem::path& target);
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  ~PartialFolder();

  /// The successor: an empty folder at first.
  [[nodiscard]] std::filesystem::path fresh() const;
  /// Puts the successor in the target's place, in one step where the file system can do that. Afterwards the
  /// predecessor lies where this returns; nothing if there was none. Throws std::system_error, and then the
  /// predecessor is where it was.
  std::optional<std::filesystem::path> put_in_place();

 private:
  [[nodiscard]] std::filesystem::path old() const;
  void discard() const;

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::optional<FileLock> lock_;  ///< nothing where files cannot be locked
  std::optional<AtStake> at_stake_;
};

}  // namespace squeezebar
