// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/base/file_lock.h"
#include "sim/compare/figures.h"
#include "sim/compare/run_identity.h"

namespace squeezebar {

/// What a store has of a point.
struct StoredPoint {
  std::optional<Figures> summary;
  std::string fault;  ///< why what lies in its place is not its results; empty if nothing does
};

/// Results of points by name, shared by all sweeps that use the folder: ROOT/3f/3f29.../ is a run folder.
class PointStore {
 public:
  explicit PointStore(std::filesystem::path root) : root_(std::move(root)) {}
  /// From now on every file of a result is read when it is looked for, not its summary alone.
  void verify_all() { verifies_ = true; }
  [[nodiscard]] bool verifies() const { return verifies_; }

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path folder(const std::string& id) const;

  /// The results of a point. Every file that they were written with must be there with its size; what is read
  /// must be as it was written.
  [[nodiscard]] StoredPoint look(const RunIdentity& wanted) const;
  [[nodiscard]] bool has(const RunIdentity& wanted) const { return look(wanted).summary.has_value(); }

 private:
  std::filesystem::path root_;
  bool verifies_ = false;
};

/// Holds a point while it is computed, so that no other process on this file system computes it too; the
/// system lets go of it when this process and those that keep its file have ended, however they end.
class PointLock {
 public:
  /// Nothing if another process has it; throws UserError if the folder cannot be written to or locked.
  static std::optional<PointLock> take(const PointStore& store, const std::string& id);
  PointLock(PointLock&&) = default;
  PointLock& operator=(PointLock&& other) noexcept;
  PointLock(const PointLock&) = delete;
  PointLock& operator=(const PointLock&) = delete;
  ~PointLock();

  /// For a process that computes the point to keep.
  [[nodiscard]] int file() const { return lock_->file(); }

 private:
  PointLock(FileLock lock, std::filesystem::path path) : lock_(std::move(lock)), path_(std::move(path)) {}

  std::optional<FileLock> lock_;
  std::filesystem::path path_;  ///< of the lock's file, which goes with it; empty: it was moved from
};

}  // namespace squeezebar
