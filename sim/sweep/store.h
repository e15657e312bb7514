// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/report/compare/figures.h"

namespace squeezebar {

/// Results of points by name, shared by all sweeps that use the folder: ROOT/3f/3f29.../ is a run folder.
class PointStore {
 public:
  explicit PointStore(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path folder(const std::string& id) const;

  /// The summary of a point's results; nothing if they are not there, were cut off, or are those of something
  /// else.
  [[nodiscard]] std::optional<Figures> find(const std::string& id) const;
  [[nodiscard]] bool has(const std::string& id) const { return find(id).has_value(); }

 private:
  std::filesystem::path root_;
};

/// Holds a point while it is computed, so that no other process on this file system computes it too; the
/// system lets go of it when this process and those that keep its file have ended, however they end.
class PointLock {
 public:
  /// Nothing if another process has it; throws UserError if the folder cannot be written to or locked.
  /// Removes what runs of the point left that were killed.
  static std::optional<PointLock> take(const PointStore& store, const std::string& id);
  PointLock(PointLock&& other) noexcept;
  PointLock& operator=(PointLock&& other) noexcept;
  PointLock(const PointLock&) = delete;
  PointLock& operator=(const PointLock&) = delete;
  ~PointLock();

  /// For a process that computes the point to keep.
  [[nodiscard]] int file() const { return file_; }

 private:
  PointLock(int file, std::filesystem::path path) : file_(file), path_(std::move(path)) {}
  void release() noexcept;

  int file_ = -1;
  std::filesystem::path path_;  ///< of the lock's file, which goes with it; empty: it is another's
};

}  // namespace squeezebar
