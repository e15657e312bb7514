// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/interrupt.h"

namespace squeezebar {

/// A folder that is filled under a temporary name beside its final one, so that it is never there in part. It
/// is removed unless it is kept.
class WholeFolder {
 public:
  /// Whether a folder holds what was written there before, and may be replaced.
  using IsOlder = std::function<bool(const std::filesystem::path& folder)>;

  /// An existing folder will be replaced only if `force` is set, it is empty or an older one of its kind.
  /// `what` is written there: "results". Throws UserError if the place cannot be written to.
  WholeFolder(const std::filesystem::path& folder, const std::string& what, IsOlder is_older, bool force);
  WholeFolder(const WholeFolder&) = delete;
  WholeFolder& operator=(const WholeFolder&) = delete;
  ~WholeFolder();

  /// Where the files lie until the folder is kept.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

  void write(const std::string& name, const std::string& content) const;
  /// Puts the folder in its place; an older one leaves only when the new one is there.
  void keep() const;
  /// Throws UserError: what cannot be written, and why.
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  void check_target() const;
  void discard() const;

  std::string name_;  ///< as the user wrote it
  std::filesystem::path target_;
  std::string what_;
  IsOlder is_older_;
  bool force_;
  std::filesystem::path path_;
  std::vector<std::filesystem::path> new_parents_;  ///< innermost first
  std::optional<AtStake> at_stake_;
};

}  // namespace squeezebar
