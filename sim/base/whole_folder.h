// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/file_list.h"
#include "sim/base/interrupt.h"
#include "sim/base/partial.h"

namespace squeezebar {

/// What a command writes as a folder.
struct FolderKind {
  std::string holds;                  ///< "results", "a calibration"
  std::vector<std::string> unlisted;  ///< files that files.json leaves out, beside itself
  /// Of versions that wrote no files.json: a folder is one of theirs if the first are there and nothing but
  /// the second.
  std::vector<std::string> needed;
  std::function<bool(const std::string& name)> wrote;
};

/// A folder that is filled under a temporary name beside its final one, so that it is never there in part. It
/// is removed unless it is kept.
class WholeFolder {
 public:
  /// An existing folder will be replaced only if it holds nothing but an older one of its kind; with `force`
  /// what else there is stays. A link is followed. Throws UserError if the place cannot be written to.
  WholeFolder(const std::filesystem::path& folder, FolderKind kind, bool force);
  WholeFolder(const WholeFolder&) = delete;
  WholeFolder& operator=(const WholeFolder&) = delete;
  ~WholeFolder();

  /// Where the files lie until the folder is kept.
  [[nodiscard]] std::filesystem::path path() const { return partial_->fresh(); }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

  void write(const std::string& name, const std::string& content);
  /// Spares reading a file of `path` once more.
  void add_digest(const std::string& name, FileDigest digest) { list_.add(name, std::move(digest)); }
  /// Lists the files and puts the folder in its place; an older one leaves only when the new one is there.
  void keep();
  /// Throws UserError: what cannot be written, and why.
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  void check_target() const;
  void write_list();
  void remove_new_parents() const;

  std::string name_;  ///< as the user wrote it
  std::filesystem::path target_;
  FolderKind kind_;
  bool force_;
  FileList list_;
  std::vector<std::filesystem::path> new_parents_;  ///< innermost first
  std::optional<AtStake> at_stake_;                 ///< the parents; cleared after what is in them
  std::unique_ptr<PartialFolder> partial_;
};

/// What of a folder is not of this kind: names of files, and of folders none of whose files are, sorted.
std::vector<std::string> foreign_entries(const std::filesystem::path& folder, const FolderKind& kind);

}  // namespace squeezebar
